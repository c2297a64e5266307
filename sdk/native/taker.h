/* Taker: an event becomes a line, and is stored. `take` of `_fast_path` is the same in Python, and takes the others. */
#ifndef AGENTOPS_TAKER_H
#define AGENTOPS_TAKER_H

#include "json.h"
#include "kinds.h"
#include "memory.h"

#define UUID_CHARS 36
#define MOST_HEAD_BYTES 256

/* In the order of the arguments. */
enum { OTHERS, LOOK, KEEP, COUNT_AS, CLOCK, UUID_CLASS, AGENTS, STORES, KEY, SESSION, PARTICIPANT, SEQUENCE, RETURNED,
       COUNTS, HELD };

static const char *const held_names[HELD] = {
    "take", "look", "keep", "count_as", "now_ns", "uuid", "agents", "stores", "key", "session_id", "participant",
    "sequence", "returned", "counts",
};

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *held[HELD];
    PyObject *last_agent; /* whose text is in `last_agent_text` */
    char last_agent_text[UUID_CHARS];
    long long looked_ns, look_ns, often_ns;
    Py_ssize_t most_bytes;
    char about[MOST_HEAD_BYTES]; /* what is behind the numbers of each line, until the event's type */
    Py_ssize_t about_size;
} Taker;

static PyTypeObject Taker_Type;

static int
write_uuid(Taker *self, PyObject *value, char *text)
{
    if ((PyObject *)Py_TYPE(value) != self->held[UUID_CLASS])
        return -1;
    Py_INCREF(value); /* what it is an attribute of is anybody's meanwhile */
    PyObject *written = PyObject_Str(value);
    Py_DECREF(value);
    if (written == NULL) {
        PyErr_Clear();
        return -1;
    }
    Py_ssize_t size;
    const char *chars = PyUnicode_AsUTF8AndSize(written, &size);
    int is_uuid = chars != NULL && size == UUID_CHARS;
    if (is_uuid)
        memcpy(text, chars, UUID_CHARS);
    Py_DECREF(written);
    PyErr_Clear();
    return is_uuid ? 0 : -1;
}

/* The agent's id as text, for one that the session has met. */
static int
write_agent(Taker *self, PyObject *agent, char *text)
{
    if (PyUnicode_CheckExact(agent))
        agent = PyDict_GetItemWithError(self->held[AGENTS], agent);
    if (agent == NULL)
        return -1;
    if (agent != self->last_agent) {
        char fresh[UUID_CHARS];
        Py_INCREF(agent);
        if (write_uuid(self, agent, fresh) < 0) {
            Py_DECREF(agent);
            return -1;
        }
        memcpy(self->last_agent_text, fresh, UUID_CHARS);
        Py_XSETREF(self->last_agent, agent);
    }
    memcpy(text, self->last_agent_text, UUID_CHARS);
    return 0;
}

static int
put_event(Taker *self, const Kind *kind, PyObject *event, const char *agent, const char *parent)
{
    json.size = 0;
    if (put(self->about, self->about_size) < 0 ||
        put_text(ATTRIBUTE(event, kind->common[EVENT_TYPE])) < 0 ||
        (agent && (PUT(",\"agent_id\":\"") < 0 || put(agent, UUID_CHARS) < 0 || PUT("\"") < 0)) ||
        (parent && (PUT(",\"parent_id\":\"") < 0 || put(parent, UUID_CHARS) < 0 || PUT("\"") < 0)))
        return -1;
    for (int at = 0; at < kind->field_count; at++) {
        PyObject *value = ATTRIBUTE(event, kind->fields[at].offset);
        if (value == NULL)
            return -1;
        if (value != Py_None && (put(kind->fields[at].name, kind->fields[at].size) < 0 ||
                                 put_value(value, self->most_bytes, 0) < 0))
            return -1;
    }
    return PUT("}\n");
}

/* 1: the line is stored. 0: there is no store, or no room, and it is `*line` now. -1: an exception. */
static int
store(Taker *self, const char *head, Py_ssize_t head_size, PyObject **line)
{
    Py_ssize_t size = head_size + json.size;
    PyObject *found = PyDict_GetItemWithError(self->held[STORES], self->held[KEY]);
    if (found == NULL && PyErr_Occurred())
        return -1;
    if (found != NULL && PyCFunction_CheckExact(found) && PyCFunction_GET_FUNCTION(found) == Memory_write) {
        char *at = Memory_take((Memory *)PyCFunction_GET_SELF(found), size);
        if (at != NULL) {
            memcpy(at, head, head_size);
            memcpy(at + head_size, json.bytes, json.size);
            return 1;
        }
    }
    if ((*line = PyBytes_FromStringAndSize(NULL, size)) == NULL)
        return -1;
    memcpy(PyBytes_AS_STRING(*line), head, head_size);
    memcpy(PyBytes_AS_STRING(*line) + head_size, json.bytes, json.size);
    return 0;
}

static int
count(Taker *self, PyObject *kind)
{
    PyObject *counts = self->held[COUNTS], *named = NULL, *before = PyDict_GetItemWithError(counts, kind);
    if (before == NULL && !PyErr_Occurred() && (named = PyObject_CallOneArg(self->held[COUNT_AS], kind)) != NULL)
        before = PyDict_GetItemWithError(counts, kind = named);
    if (before != NULL) {
        PyObject *after = PyLong_FromLongLong(PyLong_AsLongLong(before) + 1);
        if (after != NULL) {
            PyDict_SetItem(counts, kind, after);
            Py_DECREF(after);
        }
    }
    Py_XDECREF(named);
    return PyErr_Occurred() ? -1 : 0;
}

/* What a callable of ours says; -1, with its exception. */
static int
ask(PyObject *callable, PyObject *first, PyObject *second)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(callable, first, second, NULL);
    if (answer == NULL)
        return -1;
    int is_true = answer == Py_True;
    Py_DECREF(answer);
    return is_true;
}

static PyObject *
take(PyObject *callable, PyObject *const *args, size_t flags, PyObject *names)
{
    Taker *self = (Taker *)callable;
    if (PyVectorcall_NARGS(flags) != 1 || (names != NULL && PyTuple_GET_SIZE(names)))
        return PyErr_Format(PyExc_TypeError, "takes an event");
    if (self->held[OTHERS] == NULL) /* cleared: garbage that somebody still calls, while it is collected */
        Py_RETURN_FALSE;
    PyObject *event = args[0], *line = NULL, *number, *agent, *parent;
    char agent_text[UUID_CHARS], parent_text[UUID_CHARS], head[MOST_HEAD_BYTES];
    const Kind *kind = kinds;
    while (kind < kinds + kind_count && kind->type != Py_TYPE(event))
        kind++;
    if (kind == kinds + kind_count)
        goto others;
#define COMMON_OF(name) ATTRIBUTE(event, kind->common[name])

    /* What may run Python code comes first: what an event has is looked at when none can run any more. */
    PyObject *moment = PyObject_CallNoArgs(self->held[CLOCK]);
    if (moment == NULL)
        return NULL;
    int overflow = 0, is_past = 0;
    long long ended_ns = PyLong_AsLongLongAndOverflow(moment, &overflow);
    Py_DECREF(moment);
    if (overflow || PyErr_Occurred()) /* a clock of somebody's own */
        goto others;
    if (ended_ns < self->looked_ns || ended_ns >= self->look_ns) { /* a clock may be put back */
        self->looked_ns = ended_ns;
        self->look_ns = ended_ns + self->often_ns;
        int may_take = ask(self->held[LOOK], NULL, NULL);
        if (may_take < 0)
            return NULL;
        if (!may_take)
            Py_RETURN_FALSE;
    }
    agent = COMMON_OF(AGENT_ID);
    if (agent == NULL || (agent != Py_None && write_agent(self, agent, agent_text) < 0))
        goto others;
    parent = COMMON_OF(PARENT_ID);
    if (parent == NULL || (parent != Py_None && write_uuid(self, parent, parent_text) < 0))
        goto others;

    if (COMMON_OF(RECORDED) != Py_None || COMMON_OF(GIVEN_INIT) != Py_None || COMMON_OF(END_TIMESTAMP) != Py_None ||
        COMMON_OF(MORE) != Py_None || PyList_GET_SIZE(self->held[RETURNED]) > 0)
        goto others;
    PyObject *salt = COMMON_OF(GIVEN_ID), *type = COMMON_OF(EVENT_TYPE), *made = COMMON_OF(MADE_NS);
    if (salt == NULL || type == NULL || made == NULL || !PyLong_CheckExact(salt) || !PyUnicode_CheckExact(type) ||
        !PyLong_CheckExact(made))
        goto others;
    long long salt_number = PyLong_AsLongLongAndOverflow(salt, &overflow);
    long long made_ns = PyLong_AsLongLongAndOverflow(made, &is_past);
    if (overflow || is_past ||
        put_event(self, kind, event, agent == Py_None ? NULL : agent_text, parent == Py_None ? NULL : parent_text) < 0 ||
        json.size + MOST_HEAD_BYTES > self->most_bytes)
        goto others;
    PyObject *sequence = self->held[SEQUENCE];
    if ((number = Py_TYPE(sequence)->tp_iternext(sequence)) == NULL)
        return NULL;
    char *end = head;
    memcpy(end, "{\"n\":[", 6);
    end = write_number(end + 6, PyLong_AsLongLongAndOverflow(number, &overflow));
    *end++ = ',';
    end = write_number(end, made_ns);
    *end++ = ',';
    end = write_number(end, salt_number);
    *end++ = ',';
    end = write_number(end, ended_ns);
    Py_INCREF(type); /* to keep the line may run Python code again */
    int is_kept = store(self, head, end - head, &line);
    give_back_room();
    if (is_kept == 0) {
        is_kept = ask(self->held[KEEP], line, number);
        Py_DECREF(line);
    }
    if (is_kept > 0) {
        PyObject *recorded = PyTuple_Pack(3, self->held[KEY], self->held[PARTICIPANT], number);
        if (recorded != NULL) {
            set_attribute(event, kind->common[SESSION_ID], Py_NewRef(self->held[SESSION]));
            set_attribute(event, kind->common[RECORDED], recorded);
        }
        if (recorded == NULL || count(self, type) < 0)
            is_kept = -1;
    }
    Py_DECREF(number);
    Py_DECREF(type);
    return is_kept < 0 ? NULL : Py_NewRef(is_kept ? Py_True : Py_False);
others:
    give_back_room();
    PyErr_Clear();
    return PyObject_CallOneArg(self->held[OTHERS], event);
}

static PyObject *
Taker_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) || kwargs == NULL)
        return PyErr_Format(PyExc_TypeError, "takes names only");
    Taker *self = (Taker *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->vectorcall = take;
    for (int at = 0; at < HELD; at++) {
        PyObject *value = PyDict_GetItemString(kwargs, held_names[at]);
        if (value == NULL) {
            PyErr_Format(PyExc_TypeError, "%s is missing", held_names[at]);
            goto failed;
        }
        self->held[at] = Py_NewRef(value);
    }
    PyObject *about = PyDict_GetItemString(kwargs, "about"), *most_bytes = PyDict_GetItemString(kwargs, "most_bytes");
    PyObject *often_ns = PyDict_GetItemString(kwargs, "often_ns");
    if (about == NULL || !PyBytes_Check(about) || PyBytes_GET_SIZE(about) > MOST_HEAD_BYTES || most_bytes == NULL ||
        often_ns == NULL || !PyDict_Check(self->held[STORES]) || !PyDict_Check(self->held[AGENTS]) ||
        !PyDict_Check(self->held[COUNTS]) || !PyList_Check(self->held[RETURNED]) ||
        !PyIter_Check(self->held[SEQUENCE])) {
        PyErr_SetString(PyExc_TypeError, "an argument is not what it should be");
        goto failed;
    }
    self->about_size = PyBytes_GET_SIZE(about);
    memcpy(self->about, PyBytes_AS_STRING(about), self->about_size);
    self->most_bytes = PyLong_AsSsize_t(most_bytes);
    self->often_ns = PyLong_AsLongLong(often_ns);
    if (PyErr_Occurred())
        goto failed;
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

static int
Taker_traverse(Taker *self, visitproc visit, void *arg)
{
    for (int at = 0; at < HELD; at++)
        Py_VISIT(self->held[at]);
    Py_VISIT(self->last_agent);
    return 0;
}

static int
Taker_clear(Taker *self)
{
    for (int at = 0; at < HELD; at++)
        Py_CLEAR(self->held[at]);
    Py_CLEAR(self->last_agent);
    return 0;
}

static void
Taker_dealloc(Taker *self)
{
    PyObject_GC_UnTrack(self);
    Taker_clear(self);
    Py_TYPE(self)->tp_free(self);
}

static PyTypeObject Taker_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "agentops._native.Taker",
    .tp_basicsize = sizeof(Taker),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = Taker_new,
    .tp_dealloc = (destructor)Taker_dealloc,
    .tp_traverse = (traverseproc)Taker_traverse,
    .tp_clear = (inquiry)Taker_clear,
    .tp_call = PyVectorcall_Call,
    .tp_vectorcall_offset = offsetof(Taker, vectorcall),
};

#endif
