package org.dti4j.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.dti4j.problem.UserException;
import org.dti4j.run.HistoryText;
import org.dti4j.score.Interaction;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users' histories in a file. What was put before {@link #force} returned survives a kill and a power failure. After a write that failed, of
 * which nobody knows how much reached the file, the store is closed for good, and every call is a problem 503.
 */
final class UserStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UserStore.class);

    private final Path file;
    private final MVStore store;
    private final MVMap<String, String> histories;
    private final AtomicLong changes = new AtomicLong();
    private long forced;

    private UserStore(Path file, MVStore store) {
        this.file = file;
        this.store = store;
        histories = store.openMap("histories");
    }

    /** @throws UserException if the file is no such store, or another process has it open */
    static UserStore open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            MVStore store = new MVStore.Builder()
                    .fileName(file.toAbsolutePath().toString())
                    .autoCommitDisabled()
                    .open();
            store.setRetentionTime(0); // every write is forced before the next: what it replaced need not be kept
            return new UserStore(file, store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MVStoreException e) {
            throw new UserException(
                    "--users %s: cannot be opened (%s), must be a file of users that no other process has open"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Null if the user is not known. */
    @Nullable
    List<Interaction> get(String user) {
        requireOpen();
        String text = histories.get(user);
        return text == null ? null : HistoryText.parse(text);
    }

    void put(String user, List<Interaction> history) {
        requireOpen();
        histories.put(user, Json.text(history));
        changes.incrementAndGet();
    }

    /** Whether there was anything to remove. */
    boolean remove(String user) {
        requireOpen();
        boolean known = histories.remove(user) != null;
        changes.incrementAndGet();
        return known;
    }

    /** Returns when all that was changed before is on the disk; calls that wait share one write. */
    void force() {
        long mine = changes.get();
        synchronized (histories) {
            if (forced < mine) {
                long all = changes.get();
                write();
                forced = all;
            }
        }
    }

    private void write() {
        requireOpen(); // a closed store writes nothing, and says nothing
        try {
            store.commit();
            store.sync();
        } catch (RuntimeException e) {
            LOG.error("users' histories cannot be written to {}; the server must be restarted when they can", file, e);
            store.closeImmediately();
        }
        requireOpen();
    }

    /** Whether histories can be read and written. */
    boolean isOpen() {
        return !store.isClosed();
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new Problem(
                    503,
                    "Users' histories are closed",
                    "their file could not be written; the server must be restarted when it can");
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
