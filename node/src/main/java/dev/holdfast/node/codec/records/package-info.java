/**
 * A form of its own for records of plain values, which most tasks are: a few dozen bytes and less than a microsecond where
 * Java serialisation takes hundreds and several. Means the same as it to whoever hands in a record and gets one back; what
 * it can not keep that promise for, it leaves to it. Pure but for the records' own constructors, which run on the caller's
 * thread. Thread-safe.
 *
 * <pre>
 * byte 0       version, 1
 * byte 1       1: a task that is to be run(), not to be called; else 0
 * i4           length of the schema
 * schema       utf  name of the class
 *              u1   count of components, each:
 *                     utf  name
 *                     u1   type: Z B C S I J F D as in a class file, in lower case boxed, with the bit 0x80 an array;
 *                          T String, U UUID, N Instant, P Duration, L LocalDate, O LocalTime, A LocalDateTime,
 *                          G BigInteger, M BigDecimal, E enum: followed by the utf of its class, R record: by its schema
 * values       in the order of the schema. Of a primitive, its bytes. Of anything else u1: 0 null, 1 with the value:
 *                T E      i4 length in bytes, modified UTF-8 but for U+0000, which is one byte; of
 *                         an enum the constant's name
 *                arrays   i4 count of elements, their bytes
 *                U        i8 i8
 *                N P      i8 seconds, i4 nanoseconds
 *                L        i8 day since 1970-01-01
 *                O        i8 nanosecond of the day
 *                A        as L, then as O
 *                G        i4 length, two's complement
 *                M        i4 scale, then as G
 *                R        its values
 * </pre>
 *
 * Numbers are big endian, as in the forms of other results; utf is a u2 length and modified UTF-8. Nothing follows.
 */
@NullMarked
package dev.holdfast.node.codec.records;

import org.jspecify.annotations.NullMarked;
