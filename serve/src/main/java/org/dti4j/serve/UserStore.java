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

/** Users' histories in a file. What was put before {@link #force} returned survives a kill and a power failure. */
final class UserStore implements AutoCloseable {
    private final MVStore store;
    private final MVMap<String, String> histories;
    private final AtomicLong changes = new AtomicLong();
    private long forced;

    private UserStore(MVStore store) {
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
            return new UserStore(store);
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
        String text = histories.get(user);
        return text == null ? null : HistoryText.parse(text);
    }

    void put(String user, List<Interaction> history) {
        histories.put(user, Json.text(history));
        changes.incrementAndGet();
    }

    /** Whether there was anything to remove. */
    boolean remove(String user) {
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
                store.commit();
                store.sync();
                forced = all;
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
