/* Kinds: the classes of events that are made and recorded here. */
#ifndef AGENTOPS_KINDS_H
#define AGENTOPS_KINDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <string.h>

#include "sources.h"

#define MOST_PARAMETERS 24
#define MOST_FIELDS 16
#define MOST_KINDS 12

/* The attributes that all events have, by which what is ordinary is known. */
enum {
    EVENT_TYPE, AGENT_ID, GIVEN_ID, GIVEN_INIT, END_TIMESTAMP, MADE_NS, PARENT_ID, RECORDED, SESSION_ID, MORE, COMMON
};

static const char *const common_names[COMMON] = {
    "event_type", "agent_id", "given_id", "given_init", "end_timestamp",
    "made_ns", "parent_id", "recorded", "session_id", "more",
};

/* A class of events, as its own Python describes it: `__init__`, whose parameters are attributes, and its fields. */
typedef struct {
    PyTypeObject *type;
    unsigned int version; /* of the class when it was described: one that somebody has changed is left to Python */
    Py_ssize_t common[COMMON];
    int parameter_count, agent_at, init_at, id_at;
    PyObject *parameters[MOST_PARAMETERS], *defaults[MOST_PARAMETERS];
    Py_ssize_t targets[MOST_PARAMETERS];
    int field_count;
    struct {
        Py_ssize_t offset;
        char name[32]; /* with what comes around it in JSON */
        Py_ssize_t size;
    } fields[MOST_FIELDS];
} Kind;

static Kind kinds[MOST_KINDS];
static int kind_count;
static Clock clock_of_events; /* what `__init__` asks, too, like these */
static PyObject *next_salt, *agent_variable, *parent_variable;

#define ATTRIBUTE(object, offset) (*(PyObject **)((char *)(object) + (offset)))

/* Where an attribute that is a slot is in each object; -1, with an exception: it is none. */
static Py_ssize_t
find_offset(PyTypeObject *type, PyObject *name)
{
    PyObject *found = PyObject_GetAttr((PyObject *)type, name);
    if (found == NULL)
        return -1;
    Py_ssize_t offset = -1;
    if (Py_IS_TYPE(found, &PyMemberDescr_Type) && ((PyMemberDescrObject *)found)->d_member->type == T_OBJECT_EX)
        offset = ((PyMemberDescrObject *)found)->d_member->offset;
    else
        PyErr_Format(PyExc_TypeError, "%s.%U is no slot", type->tp_name, name);
    Py_DECREF(found);
    return offset;
}

static void
set_attribute(PyObject *object, Py_ssize_t offset, PyObject *value)
{
    PyObject *before = ATTRIBUTE(object, offset);
    ATTRIBUTE(object, offset) = value;
    Py_XDECREF(before);
}

/* As the interpreter calls a class. */
static PyObject *
construct_in_python(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *result = NULL, *kwargs = NULL, *positional = PyTuple_New(count);
    if (positional == NULL)
        return NULL;
    for (Py_ssize_t at = 0; at < count; at++)
        PyTuple_SET_ITEM(positional, at, Py_NewRef(args[at]));
    if (names != NULL) {
        if ((kwargs = PyDict_New()) == NULL)
            goto done;
        for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(names); at++)
            if (PyDict_SetItem(kwargs, PyTuple_GET_ITEM(names, at), args[count + at]) < 0)
                goto done;
    }
    result = PyType_Type.tp_call(type, positional, kwargs);
done:
    Py_DECREF(positional);
    Py_XDECREF(kwargs);
    return result;
}

static PyObject *
construct(PyObject *type, PyObject *const *args, size_t flags, PyObject *names)
{
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    Kind *kind = kinds;
    while (kind < kinds + kind_count && (PyObject *)kind->type != type)
        kind++;
    if (kind == kinds + kind_count || kind->type->tp_version_tag != kind->version || count > kind->parameter_count)
        return construct_in_python(type, args, count, names);
    PyObject *given[MOST_PARAMETERS] = {NULL};
    memcpy(given, args, count * sizeof *args);
    for (Py_ssize_t at = 0, size = names == NULL ? 0 : PyTuple_GET_SIZE(names); at < size; at++) {
        int to = 0; /* names are interned, as a rule */
        while (to < kind->parameter_count && kind->parameters[to] != PyTuple_GET_ITEM(names, at))
            to++;
        if (to == kind->parameter_count || given[to] != NULL)
            return construct_in_python(type, args, count, names);
        given[to] = args[count + at];
    }
    PyObject *moment = given[kind->init_at], *id = given[kind->id_at], *agent = given[kind->agent_at];
    if ((moment != NULL && moment != Py_None) || (id != NULL && id != Py_None))
        return construct_in_python(type, args, count, names);

    PyObject *event = kind->type->tp_alloc(kind->type, 0);
    if (event == NULL)
        return NULL;
    for (int at = 0; at < kind->parameter_count; at++)
        ATTRIBUTE(event, kind->targets[at]) = Py_NewRef(given[at] == NULL ? kind->defaults[at] : given[at]);
    PyObject *value = tell_moment(&clock_of_events);
    if (value == NULL)
        goto failed;
    set_attribute(event, kind->common[MADE_NS], value);
    if (agent == NULL || agent == Py_None) {
        if (PyContextVar_Get(agent_variable, NULL, &value) < 0)
            goto failed;
        set_attribute(event, kind->common[AGENT_ID], value);
    }
    value = Py_IS_TYPE(next_salt, &Counter_Type) ? Counter_next(next_salt) : PyObject_CallNoArgs(next_salt);
    if (value == NULL)
        goto failed;
    set_attribute(event, kind->common[GIVEN_ID], value);
    if (PyContextVar_Get(parent_variable, NULL, &value) < 0)
        goto failed;
    set_attribute(event, kind->common[PARENT_ID], value);
    set_attribute(event, kind->common[RECORDED], Py_NewRef(Py_None));
    set_attribute(event, kind->common[MORE], Py_NewRef(Py_None));
    return event;
failed:
    Py_DECREF(event);
    return NULL;
}

static PyObject *
set_sources(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *clock, *salts;
    if (!PyArg_ParseTuple(args, "OO:set_sources", &clock, &salts))
        return NULL;
    set_clock(&clock_of_events, clock);
    Py_XSETREF(next_salt, Py_NewRef(salts));
    Py_RETURN_NONE;
}

static PyObject *
set_context(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *agent, *parent;
    if (!PyArg_ParseTuple(args, "O!O!:set_context", &PyContextVar_Type, &agent, &PyContextVar_Type, &parent))
        return NULL;
    Py_XSETREF(agent_variable, Py_NewRef(agent));
    Py_XSETREF(parent_variable, Py_NewRef(parent));
    Py_RETURN_NONE;
}

static int
describe_parameters(Kind *kind, PyObject *parameters, PyObject *attributes, PyObject *defaults)
{
    Py_ssize_t count = PyTuple_GET_SIZE(parameters);
    if (count > MOST_PARAMETERS || PyTuple_GET_SIZE(attributes) != count || PyTuple_GET_SIZE(defaults) != count) {
        PyErr_SetString(PyExc_ValueError, "each parameter needs an attribute and a default");
        return -1;
    }
    kind->agent_at = kind->init_at = kind->id_at = -1;
    for (int at = 0; at < count; at++) {
        PyObject *name = PyTuple_GET_ITEM(parameters, at);
        if ((kind->targets[at] = find_offset(kind->type, PyTuple_GET_ITEM(attributes, at))) < 0)
            return -1;
        kind->parameters[at] = name; /* held by the class's own code */
        kind->defaults[at] = PyTuple_GET_ITEM(defaults, at);
        if (kind->targets[at] == kind->common[AGENT_ID])
            kind->agent_at = at;
        if (kind->targets[at] == kind->common[GIVEN_INIT])
            kind->init_at = at;
        if (kind->targets[at] == kind->common[GIVEN_ID])
            kind->id_at = at;
    }
    if (kind->agent_at < 0 || kind->init_at < 0 || kind->id_at < 0) {
        PyErr_SetString(PyExc_ValueError, "agent_id, init_timestamp and id are parameters of every event");
        return -1;
    }
    kind->parameter_count = (int)count;
    return 0;
}

static int
describe_fields(Kind *kind, PyObject *fields)
{
    kind->field_count = (int)PyTuple_GET_SIZE(fields);
    if (kind->field_count > MOST_FIELDS) {
        PyErr_SetString(PyExc_ValueError, "too many fields");
        return -1;
    }
    for (int at = 0; at < kind->field_count; at++) {
        PyObject *name = PyTuple_GET_ITEM(fields, at);
        const char *text = PyUnicode_AsUTF8(name);
        if (text == NULL || (kind->fields[at].offset = find_offset(kind->type, name)) < 0)
            return -1;
        size_t room = sizeof kind->fields[at].name;
        int size = snprintf(kind->fields[at].name, room, ",\"%s\":", text);
        if (size < 0 || (size_t)size >= room) {
            PyErr_Format(PyExc_ValueError, "the name of the field %U is too long", name);
            return -1;
        }
        kind->fields[at].size = size;
    }
    return 0;
}

/* Have a class constructed and recorded here from now on. */
static PyObject *
add_kind(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *type, *parameters, *attributes, *defaults, *fields;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!:add_kind", &PyType_Type, &type, &PyTuple_Type, &parameters, &PyTuple_Type,
                          &attributes, &PyTuple_Type, &defaults, &PyTuple_Type, &fields))
        return NULL;
    if (clock_of_events.callable == NULL || agent_variable == NULL || kind_count == MOST_KINDS)
        return PyErr_Format(PyExc_RuntimeError, "after set_sources and set_context, and not for so many classes");
    Kind *kind = &kinds[kind_count];
    memset(kind, 0, sizeof *kind);
    kind->type = (PyTypeObject *)type;
    for (int at = 0; at < COMMON; at++) {
        PyObject *name = PyUnicode_FromString(common_names[at]);
        if (name == NULL)
            return NULL;
        kind->common[at] = find_offset(kind->type, name);
        Py_DECREF(name);
        if (kind->common[at] < 0)
            return NULL;
    }
    if (describe_parameters(kind, parameters, attributes, defaults) < 0 || describe_fields(kind, fields) < 0)
        return NULL;
    kind->version = kind->type->tp_version_tag; /* to look up its attributes has given it one */
    if (kind->version == 0)
        return PyErr_Format(PyExc_RuntimeError, "the class has no version");
    Py_INCREF(type); /* for as long as the process lives, with what else it holds */
    Py_INCREF(parameters);
    Py_INCREF(defaults);
    kind_count++;
    kind->type->tp_vectorcall = construct;
    Py_RETURN_NONE;
}

#endif
