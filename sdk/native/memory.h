/* Memory: a mapping, into which records are stored. `_mapping.Mapping` is the same in Python. */
#ifndef AGENTOPS_MEMORY_H
#define AGENTOPS_MEMORY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <string.h>

typedef struct {
    PyObject_HEAD
    Py_buffer view; /* of the mapping; its `buf` is NULL once it is closed */
    Py_ssize_t start, position;
} Memory;

static PyTypeObject Memory_Type;

static PyObject *
Memory_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *mapping;
    Py_ssize_t start, position;
    static char *names[] = {"mapping", "start", "position", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "Onn:Memory", names, &mapping, &start, &position))
        return NULL;
    Memory *self = (Memory *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    if (PyObject_GetBuffer(mapping, &self->view, PyBUF_WRITABLE) < 0) {
        self->view.buf = NULL;
        Py_DECREF(self);
        return NULL;
    }
    if (position < 0 || position > self->view.len) {
        Py_DECREF(self);
        return PyErr_Format(PyExc_ValueError, "position %zd is not in the mapping", position);
    }
    self->start = start;
    self->position = position;
    return (PyObject *)self;
}

static void
Memory_release(Memory *self)
{
    if (self->view.buf != NULL) {
        self->view.buf = NULL;
        PyBuffer_Release(&self->view);
    }
}

static void
Memory_dealloc(Memory *self)
{
    Memory_release(self);
    Py_TYPE(self)->tp_free(self);
}

/* Where so many bytes go; NULL, without an exception: there is no room for them. */
static char *
Memory_take(Memory *self, Py_ssize_t size)
{
    if (self->view.buf == NULL || size > self->view.len - self->position)
        return NULL;
    char *at = (char *)self->view.buf + self->position;
    self->position += size;
    return at;
}

static PyObject *
Memory_write(PyObject *self, PyObject *data)
{
    Py_buffer bytes;
    if (PyObject_GetBuffer(data, &bytes, PyBUF_SIMPLE) < 0)
        return NULL;
    Py_ssize_t size = bytes.len;
    char *at = Memory_take((Memory *)self, size);
    if (at != NULL)
        memcpy(at, bytes.buf, size);
    PyBuffer_Release(&bytes);
    if (at == NULL)
        return PyErr_Format(PyExc_ValueError, "no room is left in the mapping for %zd bytes", size);
    return PyLong_FromSsize_t(size);
}

static PyObject *
Memory_tell(Memory *self, PyObject *Py_UNUSED(ignored))
{
    if (self->view.buf == NULL)
        return PyErr_Format(PyExc_ValueError, "the mapping is closed");
    return PyLong_FromSsize_t(self->position);
}

static PyObject *
Memory_fill(Memory *self, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t position = self->position;
    self->position = self->view.len;
    return PyLong_FromSsize_t(position);
}

static PyObject *
Memory_close(Memory *self, PyObject *Py_UNUSED(ignored))
{
    if (self->view.buf == NULL)
        Py_RETURN_NONE;
    PyObject *mapping = Py_NewRef(self->view.obj);
    Memory_release(self);
    PyObject *result = PyObject_CallMethod(mapping, "close", NULL);
    Py_DECREF(mapping);
    return result;
}

static Py_ssize_t
Memory_length(PyObject *self)
{
    return ((Memory *)self)->view.len;
}

static PyMethodDef Memory_methods[] = {
    {"write", Memory_write, METH_O, NULL},
    {"tell", (PyCFunction)Memory_tell, METH_NOARGS, NULL},
    {"fill", (PyCFunction)Memory_fill, METH_NOARGS, NULL},
    {"close", (PyCFunction)Memory_close, METH_NOARGS, NULL},
    {NULL},
};

static PyMemberDef Memory_members[] = {
    {"start", T_PYSSIZET, offsetof(Memory, start), READONLY, NULL},
    {NULL},
};

static PySequenceMethods Memory_sequence = {.sq_length = Memory_length};

static PyTypeObject Memory_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "agentops._native.Memory",
    .tp_basicsize = sizeof(Memory),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Memory_new,
    .tp_dealloc = (destructor)Memory_dealloc,
    .tp_methods = Memory_methods,
    .tp_members = Memory_members,
    .tp_as_sequence = &Memory_sequence,
};

#endif
