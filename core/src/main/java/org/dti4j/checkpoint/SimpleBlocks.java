package org.dti4j.checkpoint;

/**
 * Quantised blocks of 32 weights, one scale each (and a minimum, in the types that end in 1), as ggml lays them out. Products and sums are
 * rounded one by one, in the order of ggml's own reference code, so the floats are the same bit by bit.
 */
final class SimpleBlocks {
    private static final int HALF = 16;

    private SimpleBlocks() {}

    /** Scale; 16 bytes, the low halves of which are weights 0–15, the high halves 16–31; minus 8. */
    static void q4_0(byte[] block, int at, float[] weights, int to) {
        float scale = Float16.decode(block, at);
        for (int i = 0; i < HALF; i++) {
            int pair = block[at + 2 + i];
            weights[to + i] = scale * ((pair & 0xf) - 8);
            weights[to + i + HALF] = scale * ((pair >> 4 & 0xf) - 8);
        }
    }

    /** Scale, minimum; 16 bytes as in Q4_0. */
    static void q4_1(byte[] block, int at, float[] weights, int to) {
        float scale = Float16.decode(block, at);
        float minimum = Float16.decode(block, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = block[at + 4 + i];
            weights[to + i] = scale * (pair & 0xf) + minimum;
            weights[to + i + HALF] = scale * (pair >> 4 & 0xf) + minimum;
        }
    }

    /** Scale; 32 fifth bits; 16 bytes as in Q4_0; minus 16. */
    static void q5_0(byte[] block, int at, float[] weights, int to) {
        float scale = Float16.decode(block, at);
        int high = fifthBits(block, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = block[at + 6 + i];
            weights[to + i] = scale * (((pair & 0xf) | (high >> i & 1) << 4) - 16);
            weights[to + i + HALF] = scale * (((pair >> 4 & 0xf) | (high >> (i + HALF) & 1) << 4) - 16);
        }
    }

    /** Scale, minimum; 32 fifth bits; 16 bytes as in Q4_0. */
    static void q5_1(byte[] block, int at, float[] weights, int to) {
        float scale = Float16.decode(block, at);
        float minimum = Float16.decode(block, at + 2);
        int high = fifthBits(block, at + 4);
        for (int i = 0; i < HALF; i++) {
            int pair = block[at + 8 + i];
            weights[to + i] = scale * ((pair & 0xf) | (high >> i & 1) << 4) + minimum;
            weights[to + i + HALF] = scale * ((pair >> 4 & 0xf) | (high >> (i + HALF) & 1) << 4) + minimum;
        }
    }

    /** Scale; 32 signed bytes. */
    static void q8_0(byte[] block, int at, float[] weights, int to) {
        float scale = Float16.decode(block, at);
        for (int i = 0; i < 2 * HALF; i++) {
            weights[to + i] = scale * block[at + 2 + i];
        }
    }

    private static int fifthBits(byte[] block, int at) {
        return (block[at] & 0xff) | (block[at + 1] & 0xff) << 8 | (block[at + 2] & 0xff) << 16 | block[at + 3] << 24;
    }
}
