package org.dti4j.distribute;

import java.nio.ByteBuffer;

/** Values that are summed, seen as the bytes that travel. */
interface Vector {
    /** Of all values together. */
    long bytes();

    /** Appends the values from {@code from}, in bytes, until the buffer is full. */
    void put(long from, ByteBuffer to);

    /** Adds, in place, the values from {@code from} to those that stand between the buffer's position and its limit. */
    void addTo(ByteBuffer partial, long from);

    /** Takes the values between the buffer's position and its limit as those from {@code from}. */
    void take(ByteBuffer sums, long from);

    /** In single precision: gradients. */
    final class Floats implements Vector {
        private final float[] values;

        Floats(float[] values) {
            this.values = values;
        }

        @Override
        public long bytes() {
            return (long) values.length * Float.BYTES;
        }

        @Override
        public void put(long from, ByteBuffer to) {
            int count = to.remaining() / Float.BYTES;
            to.asFloatBuffer().put(values, (int) (from / Float.BYTES), count);
            to.position(to.limit());
        }

        @Override
        public void addTo(ByteBuffer partial, long from) {
            int place = (int) (from / Float.BYTES);
            while (partial.hasRemaining()) {
                int at = partial.position();
                partial.putFloat(partial.getFloat(at) + values[place++]);
            }
        }

        @Override
        public void take(ByteBuffer sums, long from) {
            int count = sums.remaining() / Float.BYTES;
            sums.asFloatBuffer().get(values, (int) (from / Float.BYTES), count);
            sums.position(sums.limit());
        }
    }

    /** In double precision: losses, times, decisions. */
    final class Doubles implements Vector {
        private final double[] values;

        Doubles(double[] values) {
            this.values = values;
        }

        @Override
        public long bytes() {
            return (long) values.length * Double.BYTES;
        }

        @Override
        public void put(long from, ByteBuffer to) {
            int count = to.remaining() / Double.BYTES;
            to.asDoubleBuffer().put(values, (int) (from / Double.BYTES), count);
            to.position(to.limit());
        }

        @Override
        public void addTo(ByteBuffer partial, long from) {
            int place = (int) (from / Double.BYTES);
            while (partial.hasRemaining()) {
                int at = partial.position();
                partial.putDouble(partial.getDouble(at) + values[place++]);
            }
        }

        @Override
        public void take(ByteBuffer sums, long from) {
            int count = sums.remaining() / Double.BYTES;
            sums.asDoubleBuffer().get(values, (int) (from / Double.BYTES), count);
            sums.position(sums.limit());
        }
    }
}
