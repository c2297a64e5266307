/* Taker: an event becomes a line, and is stored. `take` of `_fast_path` is the same in Python, and takes the others. */
#ifndef AGENTOPS_TAKER_H
#define AGENTOPS_TAKER_H

#include "json.h"
#include "kinds.h"
#include "memory.h"

#define UUID_CHARS 36
#define MOST_HEAD_BYTES 256

#define MOST_COUNTED 4

/* In the order of the arguments. */
enum { OTHERS, LOOK, KEEP, COUNT_AS, UUID_CLASS, AGENTS, STORES, KEY, SESSION, PARTICIPANT, SEQUENCE, RETURNED,
       COUNTS, HELD };

static const char *const held_names[HELD] = {
    "take", "look", "keep", "count_as", "uuid", "agents", "stores", "key", "session_id", "participant",
    "sequence", "returned", "counts",
};

/* How many events of a type are in no count so far. */
typedef struct {
    PyObject *type;
    long long count;
} Uncounted;

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *held[HELD];
    Clock clock;
    Uncounted uncounted[MOST_COUNTED]; /* of those without a type none is used */
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

/* All of a line. The numbers that it begins with are in the order of `_stamp`. */
static int
put_line(Taker *self, const Kind *kind, PyObject *event, const long long numbers[4], const char *agent,
         const char *parent)
{
    char head[4 * MOST_NUMBER_BYTES], *end = head;
    for (int at = 0; at < 4; at++) {
        if (at)
            *end++ = ',';
        end = write_number(end, numbers[at]);
    }
    if (PUT("{\"n\":[") < 0 || put(head, end - head) < 0 || put(self->about, self->about_size) < 0 ||
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
    return PUT("}\n") < 0 || json.size > self->most_bytes ? -1 : 0;
}

/* What the line of the next event is stored into; NULL where there is none, or, with an exception, after an error. */
static Memory *
find_memory(Taker *self)
{
    PyObject *store = PyDict_GetItemWithError(self->held[STORES], self->held[KEY]);
    if (store != NULL && PyCFunction_CheckExact(store) && PyCFunction_GET_FUNCTION(store) == Memory_write)
        return (Memory *)PyCFunction_GET_SELF(store);
    return NULL;
}

/* 1: the line is stored. 0: there is no room for it, and it is in `json`. -1: the event is for somebody else. */
static int
store(Taker *self, const Kind *kind, PyObject *event, const long long numbers[4], const char *agent, const char *parent)
{
    Memory *memory = find_memory(self);
    if (memory != NULL && memory->view.buf != NULL) {
        /* In its place at once. Nobody reads there before it counts as taken; a kill leaves a line without an end. */
        begin((char *)memory->view.buf + memory->position, memory->view.len - memory->position);
        if (put_line(self, kind, event, numbers, agent, parent) == 0)
            return Memory_take(memory, json.size) != NULL;
        memset(json.bytes, 0, json.size);
        if (!json.is_full)
            return -1;
    }
    begin(NULL, 0);
    if (PyErr_Occurred() || put_line(self, kind, event, numbers, agent, parent) < 0)
        return -1;
    char *at = memory == NULL ? NULL : Memory_take(memory, json.size); /* encoding asks for more than it needs */
    if (at == NULL)
        return 0;
    memcpy(at, json.bytes, json.size);
    return 1;
}

/* Add an event, or more, to those that are counted by its type, or by another one where it is none of these. */
static int
add_to_counts(Taker *self, PyObject *type, long long more)
{
    PyObject *counts = self->held[COUNTS], *named = NULL, *before = PyDict_GetItemWithError(counts, type);
    if (before == NULL && !PyErr_Occurred() && (named = PyObject_CallOneArg(self->held[COUNT_AS], type)) != NULL)
        before = PyDict_GetItemWithError(counts, type = named);
    if (before != NULL) {
        PyObject *after = PyLong_FromLongLong(PyLong_AsLongLong(before) + more);
        if (after != NULL) {
            PyDict_SetItem(counts, type, after);
            Py_DECREF(after);
        }
    }
    Py_XDECREF(named);
    return PyErr_Occurred() ? -1 : 0;
}

/* Have all that was taken so far in the counts. */
static PyObject *
Taker_settle(Taker *self, PyObject *Py_UNUSED(ignored))
{
    Uncounted uncounted[MOST_COUNTED]; /* to count may run Python code, and that may take events */
    memcpy(uncounted, self->uncounted, sizeof uncounted);
    memset(self->uncounted, 0, sizeof uncounted);
    int is_settled = 0;
    for (int at = 0; at < MOST_COUNTED && uncounted[at].type != NULL; at++) {
        if (self->held[COUNTS] != NULL && is_settled == 0)
            is_settled = add_to_counts(self, uncounted[at].type, uncounted[at].count);
        Py_DECREF(uncounted[at].type);
    }
    return is_settled < 0 ? NULL : Py_NewRef(Py_None);
}

static int
count(Taker *self, PyObject *type)
{
    for (int at = 0; at < MOST_COUNTED; at++) {
        if (self->uncounted[at].type == NULL)
            self->uncounted[at].type = Py_NewRef(type);
        if (self->uncounted[at].type == type) {
            self->uncounted[at].count++;
            return 0;
        }
    }
    PyObject *settled = Taker_settle(self, NULL);
    if (settled == NULL)
        return -1;
    Py_DECREF(settled);
    return add_to_counts(self, type, 1);
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
    PyObject *event = args[0], *agent, *parent;
    char agent_text[UUID_CHARS], parent_text[UUID_CHARS];
    const Kind *kind = kinds;
    while (kind < kinds + kind_count && kind->type != Py_TYPE(event))
        kind++;
    if (kind == kinds + kind_count)
        goto others;
#define COMMON_OF(name) ATTRIBUTE(event, kind->common[name])

    /* What may run Python code comes first: what an event has is looked at when none can run any more. */
    Counter *sequence = (Counter *)self->held[SEQUENCE];
    long long numbers[4], *made_ns = &numbers[1], *salt = &numbers[2], *ended_ns = &numbers[3];
    if (read_clock(&self->clock, ended_ns) < 0) {
        if (PyErr_Occurred())
            return NULL;
        goto others;
    }
    if (*ended_ns < self->looked_ns || *ended_ns >= self->look_ns) { /* a clock may be put back */
        self->looked_ns = *ended_ns;
        self->look_ns = *ended_ns + self->often_ns;
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
    PyObject *type = COMMON_OF(EVENT_TYPE), *number;
    if (type == NULL || COMMON_OF(GIVEN_ID) == NULL || COMMON_OF(MADE_NS) == NULL || !PyUnicode_CheckExact(type) ||
        read_number(COMMON_OF(GIVEN_ID), salt) < 0 || read_number(COMMON_OF(MADE_NS), made_ns) < 0)
        goto others;
    numbers[0] = sequence->next;
    if ((number = PyLong_FromLongLong(sequence->next)) == NULL)
        return NULL;
    int is_kept = store(self, kind, event, numbers, agent == Py_None ? NULL : agent_text,
                        parent == Py_None ? NULL : parent_text);
    if (is_kept < 0) {
        Py_DECREF(number);
        goto others;
    }
    sequence->next++;
    Py_INCREF(type); /* from here on Python code may run again */
    if (is_kept == 0) {
        PyObject *line = PyBytes_FromStringAndSize(json.bytes, json.size);
        is_kept = line == NULL ? -1 : ask(self->held[KEEP], line, number);
        Py_XDECREF(line);
    }
    give_back_room();
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
    PyObject *often_ns = PyDict_GetItemString(kwargs, "often_ns"), *clock = PyDict_GetItemString(kwargs, "now_ns");
    if (clock == NULL || about == NULL || !PyBytes_Check(about) || PyBytes_GET_SIZE(about) > MOST_HEAD_BYTES ||
        most_bytes == NULL || often_ns == NULL || !PyDict_Check(self->held[STORES]) ||
        !PyDict_Check(self->held[AGENTS]) || !PyDict_Check(self->held[COUNTS]) ||
        !PyList_Check(self->held[RETURNED]) ||
        !Py_IS_TYPE(self->held[SEQUENCE], &Counter_Type)) {
        PyErr_SetString(PyExc_TypeError, "an argument is not what it should be");
        goto failed;
    }
    set_clock(&self->clock, clock);
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
    for (int at = 0; at < MOST_COUNTED; at++)
        Py_VISIT(self->uncounted[at].type);
    Py_VISIT(self->clock.callable);
    Py_VISIT(self->last_agent);
    return 0;
}

static int
Taker_clear(Taker *self)
{
    for (int at = 0; at < HELD; at++)
        Py_CLEAR(self->held[at]);
    for (int at = 0; at < MOST_COUNTED; at++)
        Py_CLEAR(self->uncounted[at].type);
    Py_CLEAR(self->clock.callable);
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

static PyMethodDef Taker_methods[] = {
    {"settle", (PyCFunction)Taker_settle, METH_NOARGS, NULL},
    {NULL},
};

static PyTypeObject Taker_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "agentops._native.Taker",
    .tp_basicsize = sizeof(Taker),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = Taker_new,
    .tp_dealloc = (destructor)Taker_dealloc,
    .tp_traverse = (traverseproc)Taker_traverse,
    .tp_clear = (inquiry)Taker_clear,
    .tp_methods = Taker_methods,
    .tp_call = PyVectorcall_Call,
    .tp_vectorcall_offset = offsetof(Taker, vectorcall),
};

#endif
