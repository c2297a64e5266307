/* Sources: what moments and numbers come from. */
#ifndef AGENTOPS_SOURCES_H
#define AGENTOPS_SOURCES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stddef.h>
#include <time.h>

#define NS_PER_SECOND 1000000000LL

/* What is no `int` of 64 bits is -1, without an exception. */
static int
read_number(PyObject *value, long long *number)
{
    if (!PyLong_CheckExact(value))
        return -1;
#if PY_VERSION_HEX < 0x030C0000 && PYLONG_BITS_IN_DIGIT == 30
    const digit *digits = ((PyLongObject *)value)->ob_digit; /* one place less to find in no cache */
    switch (Py_SIZE(value)) {
    case 0: *number = 0; return 0;
    case 1: *number = digits[0]; return 0;
    case 2: *number = digits[0] | (long long)digits[1] << 30; return 0;
    case 3:
        if (digits[2] < 8) {
            *number = digits[0] | (long long)digits[1] << 30 | (long long)digits[2] << 60;
            return 0;
        }
    }
#endif
    int overflow;
    *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow ? -1 : 0;
}

/* A callable that gives nanoseconds since 1970. `time.time_ns` itself need not be called: the system is asked. */
typedef struct {
    PyObject *callable;
    PyCFunction system; /* what `time_ns` does, unless somebody has put something in its place; or NULL */
} Clock;

#ifdef CLOCK_REALTIME
static long long
ask_system(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}
#define IS_SYSTEM(clock) ((clock)->system != NULL && PyCFunction_GET_FUNCTION((clock)->callable) == (clock)->system)
#else
#define ask_system() 0LL
#define IS_SYSTEM(clock) 0
#endif

static void
set_clock(Clock *clock, PyObject *callable)
{
    long long said = 0;
    clock->system = NULL;
    PyObject *time = PyImport_ImportModule("time");
    PyObject *time_ns = time == NULL ? NULL : PyObject_GetAttrString(time, "time_ns");
    if (time_ns == callable && PyCFunction_CheckExact(callable)) {
        PyObject *moment = PyObject_CallNoArgs(callable);
        if (moment != NULL && read_number(moment, &said) == 0 && llabs(said - ask_system()) < NS_PER_SECOND)
            clock->system = PyCFunction_GET_FUNCTION(callable);
        Py_XDECREF(moment);
    }
    Py_XDECREF(time);
    Py_XDECREF(time_ns);
    PyErr_Clear();
    Py_XSETREF(clock->callable, Py_NewRef(callable));
}

static PyObject *
tell_moment(const Clock *clock)
{
    return IS_SYSTEM(clock) ? PyLong_FromLongLong(ask_system()) : PyObject_CallNoArgs(clock->callable);
}

/* -1 with the exception of the clock; -1 without one where it is somebody's own, and gives something else. */
static int
read_clock(const Clock *clock, long long *moment_ns)
{
    if (IS_SYSTEM(clock)) {
        *moment_ns = ask_system();
        return 0;
    }
    PyObject *moment = PyObject_CallNoArgs(clock->callable);
    if (moment == NULL)
        return -1;
    int is_read = read_number(moment, moment_ns);
    Py_DECREF(moment);
    return is_read;
}

/* Counter: `itertools.count`, whose next number can be looked at. To call it, or to iterate over it, is the same. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    long long next;
} Counter;

static PyTypeObject Counter_Type;

static PyObject *
Counter_next(PyObject *self)
{
    PyObject *number = PyLong_FromLongLong(((Counter *)self)->next);
    if (number != NULL)
        ((Counter *)self)->next++;
    return number;
}

static PyObject *
Counter_call(PyObject *self, PyObject *const *Py_UNUSED(args), size_t flags, PyObject *names)
{
    if (PyVectorcall_NARGS(flags) || (names != NULL && PyTuple_GET_SIZE(names)))
        return PyErr_Format(PyExc_TypeError, "takes nothing");
    return Counter_next(self);
}

static PyObject *
Counter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    long long start;
    static char *names[] = {"start", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "L:Counter", names, &start))
        return NULL;
    Counter *self = (Counter *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->vectorcall = Counter_call;
        self->next = start;
    }
    return (PyObject *)self;
}

static PyTypeObject Counter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "agentops._native.Counter",
    .tp_basicsize = sizeof(Counter),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = Counter_new,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = Counter_next,
    .tp_call = PyVectorcall_Call,
    .tp_vectorcall_offset = offsetof(Counter, vectorcall),
};

#endif
