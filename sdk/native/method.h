/* Method: `Session.record`, without a frame of its own where the session's fast path is a Taker and takes the event. */
#ifndef AGENTOPS_METHOD_H
#define AGENTOPS_METHOD_H

#include "taker.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyTypeObject *type;   /* whose objects have a slot with their fast path */
    Py_ssize_t offset;    /* where that is */
    PyObject *function;   /* the same in Python, which this looks like */
    PyObject *at_length;  /* the name of the method for what the fast path does not take */
    PyObject *swallow;    /* told of errors, and where they were */
    PyObject *where;
} Method;

static PyTypeObject Method_Type;

/* None, unless it is one that ends more than this call. */
static PyObject *
swallow_error(Method *self)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception))
        return NULL;
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(error, traceback);
    PyObject *result = PyObject_CallFunctionObjArgs(self->swallow, error, self->where, NULL);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return result;
}

static PyObject *
Method_call(PyObject *callable, PyObject *const *args, size_t flags, PyObject *names)
{
    Method *self = (Method *)callable;
    if (PyVectorcall_NARGS(flags) != 2 || (names != NULL && PyTuple_GET_SIZE(names)) ||
        !PyObject_TypeCheck(args[0], self->type))
        return PyObject_Vectorcall(self->function, args, flags, names);
    PyObject *path = ATTRIBUTE(args[0], self->offset);
    if (path == NULL || !Py_IS_TYPE(path, &Taker_Type))
        return PyObject_Vectorcall(self->function, args, flags, names);
    Py_INCREF(path); /* a fork, or another thread, may give the session another one meanwhile */
    PyObject *result = take(path, args + 1, 1, NULL);
    Py_DECREF(path);
    int is_taken = result == Py_True;
    Py_XDECREF(result);
    if (result != NULL && !is_taken) {
        result = PyObject_CallMethodOneArg(args[0], self->at_length, args[1]);
        Py_XDECREF(result);
    }
    return result == NULL ? swallow_error(self) : Py_NewRef(Py_None);
}

static PyObject *
Method_bind(PyObject *self, PyObject *object, PyObject *Py_UNUSED(type))
{
    return object == NULL || object == Py_None ? Py_NewRef(self) : PyMethod_New(self, object);
}

static PyObject *
Method_repr(Method *self)
{
    return PyObject_Repr(self->function);
}

/* Its name, its signature and its documentation are those of the function. */
static PyObject *
Method_get(Method *self, void *name)
{
    return PyObject_GetAttrString(self->function, name);
}

static PyObject *
Method_getattro(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found != NULL || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return found;
    PyErr_Clear();
    return PyObject_GetAttr(((Method *)self)->function, name);
}

static PyGetSetDef Method_getset[] = {
    {"__doc__", (getter)Method_get, NULL, NULL, "__doc__"},
    {"__module__", (getter)Method_get, NULL, NULL, "__module__"},
    {NULL},
};

static PyMemberDef Method_members[] = {
    {"__wrapped__", T_OBJECT, offsetof(Method, function), READONLY, NULL},
    {NULL},
};

static PyObject *
Method_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *class, *function, *slot, *at_length, *swallow;
    static char *names[] = {"cls", "function", "slot", "at_length", "swallow", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!UUO:Method", names, &PyType_Type, &class, &PyFunction_Type,
                                     &function, &slot, &at_length, &swallow))
        return NULL;
    Py_ssize_t offset = find_offset((PyTypeObject *)class, slot);
    PyObject *where = PyObject_GetAttrString(function, "__qualname__");
    if (offset < 0 || where == NULL) {
        Py_XDECREF(where);
        return NULL;
    }
    Method *self = (Method *)type->tp_alloc(type, 0);
    if (self == NULL) {
        Py_DECREF(where);
        return NULL;
    }
    self->vectorcall = Method_call;
    self->type = (PyTypeObject *)Py_NewRef(class);
    self->offset = offset;
    self->function = Py_NewRef(function);
    self->at_length = Py_NewRef(at_length);
    self->swallow = Py_NewRef(swallow);
    self->where = where;
    return (PyObject *)self;
}

static int
Method_traverse(Method *self, visitproc visit, void *arg)
{
    Py_VISIT(self->type);
    Py_VISIT(self->function);
    Py_VISIT(self->swallow);
    return 0;
}

/* No `tp_clear`: the dictionary of a class has one, and breaks a circle. */
static void
Method_dealloc(Method *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->type);
    Py_XDECREF(self->function);
    Py_XDECREF(self->at_length);
    Py_XDECREF(self->swallow);
    Py_XDECREF(self->where);
    Py_TYPE(self)->tp_free(self);
}

static PyTypeObject Method_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "agentops._native.Method",
    .tp_basicsize = sizeof(Method),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_new = Method_new,
    .tp_dealloc = (destructor)Method_dealloc,
    .tp_traverse = (traverseproc)Method_traverse,
    .tp_repr = (reprfunc)Method_repr,
    .tp_call = PyVectorcall_Call,
    .tp_vectorcall_offset = offsetof(Method, vectorcall),
    .tp_getattro = Method_getattro,
    .tp_descr_get = Method_bind,
    .tp_members = Method_members,
    .tp_getset = Method_getset,
};

#endif
