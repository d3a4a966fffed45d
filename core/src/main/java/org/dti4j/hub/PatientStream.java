package org.dti4j.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** An answer's content, which breaks off when nothing has come for some time: the JDK's client would wait for ever. */
final class PatientStream extends FilterInputStream {
    private final Duration patience;
    private final AtomicLong reads = new AtomicLong();
    private final Thread watch;
    private volatile boolean stalled;

    PatientStream(InputStream content, Duration patience) {
        super(content);
        this.patience = patience;
        watch = new Thread(this::watch, "dti4j-patience");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch() {
        try {
            long before = -1;
            while (reads.get() != before) {
                before = reads.get();
                Thread.sleep(patience.toMillis());
            }
            stalled = true;
            in.close(); // who waits in a read is woken
        } catch (InterruptedException | IOException e) {
            // it was closed, or its reader meets the same
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = in.read(bytes, offset, length);
            if (count < 0 && stalled) {
                throw new IOException("closed while it was read");
            }
            reads.incrementAndGet();
            return count;
        } catch (IOException e) {
            throw stalled ? new IOException("nothing came for %,d ms".formatted(patience.toMillis()), e) : e;
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
