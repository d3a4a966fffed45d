package org.dti4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dti4j.engine.SharedStates;
import org.dti4j.file.FileFailure;
import org.dti4j.file.FolderLock;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.Problems;
import org.dti4j.tensor.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of items, which all users share where items do not see each other ({@code dti-isolated}): in memory, or in a folder that
 * outlives the process. Scorers of one process that have the same weights and the same prefix share them; other weights never read them.
 * Close it after the scorers.
 */
public final class ItemStates implements AutoCloseable {
    private static final String ENDING = ".tokens";

    private final long bytes;
    private final @Nullable Path folder;
    private final @Nullable FolderLock lock;
    private final Consumer<String> notes;
    private final Map<String, Opened> opened = new HashMap<>();

    private ItemStates(long bytes, @Nullable Path folder, @Nullable FolderLock lock, Consumer<String> notes) {
        this.bytes = bytes;
        this.folder = folder;
        this.lock = lock;
        this.notes = notes;
    }

    /** Keeps nothing: every user's items are computed for him. */
    public static ItemStates none() {
        return inMemory(0);
    }

    /**
     * Keeps in memory.
     *
     * @param bytes at most, for each set of weights that is open; 0 for nothing
     */
    public static ItemStates inMemory(long bytes) {
        return new ItemStates(bytes, null, null, note -> {});
    }

    /**
     * Keeps in a folder, which belongs to this process until this is closed. It holds one file, of the weights that were opened last; files of others
     * are deleted, those in use excepted.
     *
     * @param bytes of a file, at most
     * @param notes is told of what was damaged, and is computed again
     * @throws org.dti4j.problem.UserException if another process uses the folder
     */
    public static ItemStates in(Path folder, long bytes, Consumer<String> notes) {
        Problems.in("catalogue").require(bytes >= 1, "size", bytes, ">= 1 byte").throwIfAny();
        FolderLock lock = FolderLock.of(
                folder,
                "%s: must not be in use: another process keeps items there; name another folder".formatted(folder));
        return new ItemStates(bytes, folder, lock, notes);
    }

    private static final class Opened {
        private final SharedStates states;
        private int users;

        Opened(SharedStates states) {
            this.states = states;
        }
    }

    /** States of one model, which stay open until this is closed. */
    final class Lease implements AutoCloseable {
        private final String fingerprint;
        private final SharedStates states;

        private Lease(String fingerprint, SharedStates states) {
            this.fingerprint = fingerprint;
            this.states = states;
        }

        SharedStates states() {
            return states;
        }

        @Override
        public void close() {
            release(fingerprint);
        }
    }

    /** Whether anything is kept. */
    boolean keeps() {
        return bytes > 0;
    }

    /** @param fingerprint of all that keys and values depend on */
    synchronized Lease lease(String fingerprint, LlamaConfig config, Placement placement) {
        Opened found = opened.computeIfAbsent(fingerprint, print -> new Opened(open(print, config, placement)));
        found.users++;
        return new Lease(fingerprint, found.states);
    }

    private SharedStates open(String fingerprint, LlamaConfig config, Placement placement) {
        if (folder == null) {
            return SharedStates.inMemory(config, placement, bytes);
        }
        Path file = folder.resolve(fingerprint + ENDING);
        deleteOthers(folder, file);
        return SharedStates.inFile(file, config, placement, bytes, notes);
    }

    private void deleteOthers(Path in, Path file) {
        try (Stream<Path> content = Files.list(in)) {
            List<Path> others = content.filter(path -> isOurs(path.getFileName().toString()) && !path.equals(file))
                    .toList();
            for (Path other : others) {
                Files.delete(other);
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(in, e);
        }
    }

    /** Of a file of states that is not open: the folder may hold what is not ours. */
    private boolean isOurs(String name) {
        return name.matches("[0-9a-f]{64}\\" + ENDING)
                && !opened.containsKey(name.substring(0, name.length() - ENDING.length()));
    }

    private synchronized void release(String fingerprint) {
        Opened found = opened.get(fingerprint);
        if (found != null && --found.users == 0) {
            opened.remove(fingerprint);
            found.states.close();
        }
    }

    @Override
    public synchronized void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
