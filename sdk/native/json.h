/* JSON of what has exactly the built-in types, in UTF-8, as orjson writes it. */
#ifndef AGENTOPS_JSON_H
#define AGENTOPS_JSON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BLOCK_CHARS 1024
#define MOST_CHAR_BYTES 6 /* of an escape like \u001f */
#define MOST_NUMBER_BYTES 24
#define MOST_DEPTH 100
#define MOST_KEPT_BYTES (64 * 1024)
#define FETCHED_BYTES (8 * 1024)
#define LINE_BYTES 64 /* of a cache */

/* One is enough: whoever fills it reads it before any other code runs. */
static struct {
    char *bytes;
    Py_ssize_t size, room;
    int is_borrowed, is_full; /* the room is somebody's who has no more; that was too little */
    char *own;
    Py_ssize_t own_room;
} json;

/* Begin to write, into somebody's room or, where that is NULL, into one that grows. */
static void
begin(char *room, Py_ssize_t size)
{
    json.bytes = room == NULL ? json.own : room;
    json.room = room == NULL ? json.own_room : size;
    json.is_borrowed = room != NULL;
    json.is_full = 0;
    json.size = 0;
}

/* -1 means here, and below: this value is for somebody else. No exception is set. */
static int
make_room(Py_ssize_t more)
{
    if (json.size + more <= json.room)
        return 0;
    if (json.is_borrowed) {
        json.is_full = 1;
        return -1;
    }
    Py_ssize_t room = json.room ? json.room : 8 * 1024;
    while (room < json.size + more)
        room *= 2;
    char *bytes = PyMem_RawRealloc(json.own, room);
    if (bytes == NULL)
        return -1;
    json.bytes = json.own = bytes;
    json.room = json.own_room = room;
    return 0;
}

/* What a long event took. */
static void
give_back_room(void)
{
    if (json.own_room <= MOST_KEPT_BYTES)
        return;
    PyMem_RawFree(json.own);
    json.own = NULL;
    json.own_room = 0;
}

static int
put(const char *bytes, Py_ssize_t size)
{
    if (make_room(size) < 0)
        return -1;
    memcpy(json.bytes + json.size, bytes, size);
    json.size += size;
    return 0;
}

#define PUT(literal) put(literal, sizeof(literal) - 1)

static char *
write_number(char *at, long long number)
{
    char digits[MOST_NUMBER_BYTES], *first = digits + sizeof digits;
    unsigned long long rest = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
    do
        *--first = '0' + rest % 10;
    while (rest /= 10);
    if (number < 0)
        *--first = '-';
    size_t size = digits + sizeof digits - first;
    memcpy(at, first, size);
    return at + size;
}

static char *
write_ascii(char *at, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
        *at++ = byte;
        return at;
    }
    *at++ = '\\';
    switch (byte) {
    case '\b': *at++ = 'b'; break;
    case '\t': *at++ = 't'; break;
    case '\n': *at++ = 'n'; break;
    case '\f': *at++ = 'f'; break;
    case '\r': *at++ = 'r'; break;
    case '"':
    case '\\': *at++ = byte; break;
    default:
        memcpy(at, "u00", 3);
        at[3] = hex[byte >> 4];
        at[4] = hex[byte & 15];
        at += 5;
    }
    return at;
}

/* NULL: a lone surrogate, which UTF-8 does not have. */
static char *
write_char(char *at, Py_UCS4 code)
{
    if (code < 0x80)
        return write_ascii(at, (unsigned char)code);
    if (code < 0x800)
        *at++ = (char)(0xC0 | code >> 6);
    else {
        if (code < 0x10000) {
            if (code >= 0xD800 && code < 0xE000)
                return NULL;
            *at++ = (char)(0xE0 | code >> 12);
        }
        else {
            *at++ = (char)(0xF0 | code >> 18);
            *at++ = (char)(0x80 | (code >> 12 & 63));
        }
        *at++ = (char)(0x80 | (code >> 6 & 63));
    }
    *at++ = (char)(0x80 | (code & 63));
    return at;
}

/* Characters that stand for themselves are copied eight bytes at a time. Not 0: some of these may be others. Lanes are
 * the characters, of one byte or two; a borrow out of one lane comes from one that counts already. */
static inline uint64_t
find_others(uint64_t word, uint64_t ones, uint64_t not_ascii, uint64_t tops)
{
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    return (word & not_ascii) | (((word - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops);
}

static inline int
put_chars(int kind, const void *data, Py_ssize_t length)
{
    for (Py_ssize_t at = 0; at < length;) {
        Py_ssize_t end = length - at > BLOCK_CHARS ? at + BLOCK_CHARS : length;
        if (make_room((end - at) * MOST_CHAR_BYTES + 8) < 0)
            return -1;
        char *out = json.bytes + json.size;
        while (at < end) {
            uint64_t word;
            if (kind == PyUnicode_1BYTE_KIND)
                for (; end - at >= 8; at += 8, out += 8) {
                    memcpy(&word, (const Py_UCS1 *)data + at, 8);
                    if (find_others(word, 0x0101010101010101, 0x8080808080808080, 0x8080808080808080))
                        break;
                    memcpy(out, &word, 8);
                }
#if PY_LITTLE_ENDIAN
            if (kind == PyUnicode_2BYTE_KIND)
                for (; end - at >= 4; at += 4, out += 4) {
                    memcpy(&word, (const Py_UCS2 *)data + at, 8);
                    if (find_others(word, 0x0001000100010001, 0xFF80FF80FF80FF80, 0x8000800080008000))
                        break;
                    word = (word | word >> 8) & 0x0000FFFF0000FFFF;
                    uint32_t four = (uint32_t)(word | word >> 16);
                    memcpy(out, &four, 4);
                }
#endif
            for (Py_ssize_t stop = end - at > 8 ? at + 8 : end; at < stop; at++) {
                char *behind = write_char(out, PyUnicode_READ(kind, data, at));
                if (behind == NULL)
                    return -1;
                out = behind;
            }
            json.size = out - json.bytes; /* right at any time: who lent the room wipes what was written */
        }
    }
    return 0;
}

static int
put_text(PyObject *text)
{
#if PY_VERSION_HEX < 0x030C0000
    if (!PyUnicode_IS_READY(text))
        return -1;
#endif
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), size = length * PyUnicode_KIND(text);
#ifdef __GNUC__ /* what is asked for now comes all at once, what is missed on the way one after the other */
    for (Py_ssize_t at = LINE_BYTES; at < size && at < FETCHED_BYTES; at += LINE_BYTES)
        __builtin_prefetch((const char *)data + at);
#endif
    int is_put = PUT("\"");
    if (is_put < 0)
        return -1;
    switch (PyUnicode_KIND(text)) { /* each time with a constant, for which the compiler writes a loop */
    case PyUnicode_1BYTE_KIND: is_put = put_chars(PyUnicode_1BYTE_KIND, data, length); break;
    case PyUnicode_2BYTE_KIND: is_put = put_chars(PyUnicode_2BYTE_KIND, data, length); break;
    default: is_put = put_chars(PyUnicode_4BYTE_KIND, data, length);
    }
    return is_put < 0 ? -1 : PUT("\"");
}

static int
put_float(double number)
{
    if (!isfinite(number))
        return -1;
    char *text = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (text == NULL) {
        PyErr_Clear();
        return -1;
    }
    int is_put = put(text, strlen(text));
    PyMem_Free(text);
    return is_put;
}

/* Nothing here runs Python code: all types are exactly those that are built in. */
static int
put_value(PyObject *value, Py_ssize_t most_bytes, int depth)
{
    if (depth > MOST_DEPTH || json.size > most_bytes)
        return -1;
    if (PyUnicode_CheckExact(value))
        return PyUnicode_GET_LENGTH(value) > most_bytes ? -1 : put_text(value);
    if (value == Py_None)
        return PUT("null");
    if (value == Py_True)
        return PUT("true");
    if (value == Py_False)
        return PUT("false");
    if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow || make_room(MOST_NUMBER_BYTES) < 0)
            return -1;
        json.size = write_number(json.bytes + json.size, number) - json.bytes;
        return 0;
    }
    if (PyFloat_CheckExact(value))
        return put_float(PyFloat_AS_DOUBLE(value));
    int count = 0;
    if (PyDict_CheckExact(value)) {
        PyObject *key, *item;
        for (Py_ssize_t at = 0; PyDict_Next(value, &at, &key, &item);)
            if (!PyUnicode_CheckExact(key) || (count++ ? PUT(",") : PUT("{")) < 0 || put_text(key) < 0 ||
                PUT(":") < 0 || put_value(item, most_bytes, depth + 1) < 0)
                return -1;
        return count ? PUT("}") : PUT("{}");
    }
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
        PyObject **items = PySequence_Fast_ITEMS(value);
        for (Py_ssize_t size = PySequence_Fast_GET_SIZE(value); count < size; count++)
            if ((count ? PUT(",") : PUT("[")) < 0 || put_value(items[count], most_bytes, depth + 1) < 0)
                return -1;
        return count ? PUT("]") : PUT("[]");
    }
    return -1;
}

#endif
