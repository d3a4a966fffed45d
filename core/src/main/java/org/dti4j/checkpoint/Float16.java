package org.dti4j.checkpoint;

/** Half-precision numbers; JDK 17 has none of its own. */
final class Float16 {
    private Float16() {}

    /** The number whose IEEE 754 binary16 form is given, exactly. */
    static float decode(int bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // subnormal: fraction · 2⁻²⁴, which a float holds as a normal number
            float value = fraction * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        int wideExponent = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }

    /** The half at a place in little-endian bytes. */
    static float decode(byte[] bytes, int at) {
        return decode((bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8);
    }
}
