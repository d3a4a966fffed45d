package org.dti4j.checkpoint;

/**
 * Quantised super-blocks of 256 weights ("K quants"), whose blocks of 16 or 32 have scales that are quantised themselves, as ggml lays
 * them out. Rounding as in {@link SimpleBlocks}.
 */
final class SuperBlocks {
    private static final int SCALES = 4;
    private static final int Q4_WEIGHTS = 16;
    private static final int Q5_HIGH = 16;
    private static final int Q5_WEIGHTS = 48;
    private static final int Q6_HIGH = 128;
    private static final int Q6_SCALES = 192;
    private static final int Q6_SCALE = 208;

    private SuperBlocks() {}

    /** Scale, minimum; 8 × (6-bit scale, 6-bit minimum); 4 × 32 bytes, each of two blocks of 32: low halves, then high. */
    static void q4K(byte[] block, int at, float[] weights, int to) {
        for (int part = 0; part < 8; part++) {
            float scale = Float16.decode(block, at) * scale(block, at + SCALES, part);
            float minimum = Float16.decode(block, at + 2) * minimum(block, at + SCALES, part);
            int from = at + Q4_WEIGHTS + 32 * (part / 2);
            int shift = 4 * (part % 2);
            for (int i = 0; i < 32; i++) {
                weights[to + 32 * part + i] = scale * (block[from + i] >> shift & 0xf) - minimum;
            }
        }
    }

    /** As Q4_K, with 32 bytes between, of which bit p holds the fifth bits of block p. */
    static void q5K(byte[] block, int at, float[] weights, int to) {
        for (int part = 0; part < 8; part++) {
            float scale = Float16.decode(block, at) * scale(block, at + SCALES, part);
            float minimum = Float16.decode(block, at + 2) * minimum(block, at + SCALES, part);
            int from = at + Q5_WEIGHTS + 32 * (part / 2);
            int shift = 4 * (part % 2);
            for (int i = 0; i < 32; i++) {
                int high = (block[at + Q5_HIGH + i] >> part & 1) << 4;
                weights[to + 32 * part + i] = scale * ((block[from + i] >> shift & 0xf) | high) - minimum;
            }
        }
    }

    /**
     * 128 bytes of low halves, 64 of high pairs of bits, 16 signed scales of 16 weights each, the scale of all; minus 32. Each half of 128
     * weights takes 64 bytes of low halves (twice 32, low then high) and 32 of high pairs (four times).
     */
    static void q6K(byte[] block, int at, float[] weights, int to) {
        float all = Float16.decode(block, at + Q6_SCALE);
        for (int part = 0; part < 16; part++) {
            float scale = all * block[at + Q6_SCALES + part];
            int half = part / 8;
            int row = part % 8 / 2;
            int low = at + 64 * half + 32 * (row % 2) + 16 * (part % 2);
            int high = at + Q6_HIGH + 32 * half + 16 * (part % 2);
            for (int i = 0; i < 16; i++) {
                int bits = (block[low + i] >> (4 * (row / 2)) & 0xf) | (block[high + i] >> (2 * row) & 3) << 4;
                weights[to + 16 * part + i] = scale * (bits - 32);
            }
        }
    }

    /** Twelve bytes hold eight 6-bit scales and minima: the first four of each whole, the last four in two pieces. */
    private static int scale(byte[] block, int at, int part) {
        return part < 4 ? block[at + part] & 0x3f : (block[at + part + 4] & 0xf) | (block[at + part - 4] >> 6 & 3) << 4;
    }

    private static int minimum(byte[] block, int at, int part) {
        return part < 4
                ? block[at + part + 4] & 0x3f
                : (block[at + part + 4] >> 4 & 0xf) | (block[at + part] >> 6 & 3) << 4;
    }
}
