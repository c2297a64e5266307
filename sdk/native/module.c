/* The two calls that an agent waits for, the construction of an event and `record`, without the interpreter.
 *
 * Between two calls of a model a core does other work, and finds nothing of this program in its caches when it comes
 * back. Each line of Python then costs as much as it touches memory: the code, its constants, the names, the cells.
 * This module does the same things, for what is ordinary only, and hands everything else to the Python that it stands
 * in for, which is complete without it: `Event.__init__`, `Session.record` and `_fast_path`. It decides nothing, and
 * keeps no state but what these have.
 *
 * While it encodes, numbers and stores an event it runs no Python code: no other thread, no signal handler and no
 * finalizer comes in between, and nothing that it looks at changes. Whatever may run some is done before or after.
 */
#include "method.h"

#ifdef Py_GIL_DISABLED
#error "Without the interpreter's lock, a store and another one would not come one after the other."
#endif

#define VERSION 2 /* that of `_acceleration`: an older build is not used */

/* The JSON of a value; None where it is for another encoder. For tests: it is what a Taker puts into a line. */
static PyObject *
encode(PyObject *Py_UNUSED(module), PyObject *value)
{
    begin(NULL, 0);
    if (put_value(value, PY_SSIZE_T_MAX / 2, 0) < 0)
        Py_RETURN_NONE;
    return PyBytes_FromStringAndSize(json.bytes, json.size);
}

static PyMethodDef methods[] = {
    {"set_sources", set_sources, METH_VARARGS, NULL},
    {"set_context", set_context, METH_VARARGS, NULL},
    {"add_kind", add_kind, METH_VARARGS, NULL},
    {"encode", encode, METH_O, NULL},
    {NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "agentops._native",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) { /* what is kept here is one interpreter's */
        PyErr_SetString(PyExc_ImportError, "agentops._native is for the main interpreter only");
        return NULL;
    }
    PyTypeObject *const types[] = {&Counter_Type, &Memory_Type, &Taker_Type, &Method_Type};
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    for (size_t at = 0; at < sizeof types / sizeof *types; at++)
        if (PyModule_AddType(module, types[at]) < 0) {
            Py_DECREF(module);
            return NULL;
        }
    if (PyModule_AddIntConstant(module, "VERSION", VERSION) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
