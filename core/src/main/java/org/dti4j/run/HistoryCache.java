package org.dti4j.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dti4j.engine.UserStream;
import org.dti4j.score.BranchScorer;
import org.dti4j.score.BranchScorer.Reading;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the histories that were asked for last, within a bound of bytes; the longest unused go first. A history is known by what
 * is in it, not by whose it is, and holds at most n interactions: so what is kept is what would be read, and no answer depends on it. A
 * history that goes on with a kept one costs its new interactions alone, and takes its place. Threads may share it.
 */
final class HistoryCache implements AutoCloseable {
    private final BranchScorer branches;
    private final Catalogue catalogue;
    private final long mostBytes;
    private final Map<List<Interaction>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long found;
    private long continued;
    private long read;

    /** @param mostBytes kept between calls; 0 keeps nothing */
    HistoryCache(BranchScorer branches, Catalogue catalogue, long mostBytes) {
        this.branches = branches;
        this.catalogue = catalogue;
        this.mostBytes = mostBytes;
    }

    /** A kept history, closed when it is neither kept nor read any more. */
    private static final class Entry {
        private final UserStream stream;
        private final long bytes;
        private int readers = 1; // whoever read it first
        private boolean kept = true;

        Entry(UserStream stream) {
            this.stream = stream;
            bytes = stream.bytes();
        }
    }

    /** Streams of histories, which stay until this is closed. */
    final class Lease implements AutoCloseable {
        private final List<UserStream> streams;
        private final Collection<Entry> entries;

        private Lease(List<UserStream> streams, Collection<Entry> entries) {
            this.streams = streams;
            this.entries = entries;
        }

        /** Of the history that stood at this place. */
        UserStream stream(int place) {
            return streams.get(place);
        }

        @Override
        public void close() {
            release(entries);
        }
    }

    synchronized CacheUse use() {
        return new CacheUse(found, continued, read, entries.size(), bytes);
    }

    /** Whether a history of at most n interactions is kept now; it does not count as used. */
    synchronized boolean keeps(List<Interaction> history) {
        return entries.containsKey(asRead(history));
    }

    /** A missing history, and the kept one that it goes on with. */
    private record Missing(
            List<Interaction> history, @Nullable Entry base, int from) {}

    /**
     * The streams of some histories, of at most n interactions each.
     *
     * @return in their order; the caller closes it
     */
    Lease lease(List<List<Interaction>> histories) {
        List<List<Interaction>> asRead = histories.stream().map(this::asRead).toList();
        Map<List<Interaction>, Entry> leased = new HashMap<>();
        List<Missing> missing = lookUp(asRead, leased);
        try {
            List<UserStream> streams =
                    branches.read(missing.stream().map(this::reading).toList());
            for (int i = 0; i < streams.size(); i++) {
                Entry entry = new Entry(streams.get(i));
                leased.put(missing.get(i).history(), entry);
                keep(missing.get(i), entry);
            }
        } catch (RuntimeException | Error e) {
            release(leased.values());
            throw e;
        } finally {
            release(missing.stream()
                    .flatMap(each -> Optional.ofNullable(each.base()).stream())
                    .toList());
        }
        List<UserStream> streams = asRead.stream()
                .map(history -> Objects.requireNonNull(leased.get(history)).stream)
                .toList();
        return new Lease(streams, leased.values());
    }

    private List<Interaction> asRead(List<Interaction> history) {
        return history.stream().map(catalogue::asRead).toList();
    }

    private synchronized List<Missing> lookUp(List<List<Interaction>> histories, Map<List<Interaction>, Entry> leased) {
        List<Missing> missing = new ArrayList<>();
        for (List<Interaction> history : histories.stream().distinct().toList()) {
            Entry kept = entries.get(history);
            if (kept != null) {
                kept.readers++;
                found++;
                leased.put(history, kept);
            } else {
                missing.add(missing(history));
            }
        }
        return missing;
    }

    /** With the longest kept history that it begins with. */
    private Missing missing(List<Interaction> history) {
        int from = IntStream.iterate(history.size() - 1, size -> size > 0, size -> size - 1)
                .filter(size -> entries.containsKey(history.subList(0, size)))
                .findFirst()
                .orElse(0);
        Entry base = from == 0 ? null : entries.get(history.subList(0, from));
        if (base == null) {
            read++;
        } else {
            base.readers++;
            continued++;
        }
        return new Missing(history, base, from);
    }

    private Reading reading(Missing missing) {
        Entry base = missing.base();
        return new Reading(
                base == null ? null : base.stream,
                missing.history().subList(missing.from(), missing.history().size()).stream()
                        .map(catalogue::tokens)
                        .toList());
    }

    private synchronized void keep(Missing missing, Entry entry) {
        drop(entries.get(missing.history())); // another thread may have read the same meanwhile
        if (missing.base() != null) {
            drop(entries.remove(missing.history().subList(0, missing.from())));
        }
        entries.put(missing.history(), entry);
        bytes += entry.bytes;
        for (Iterator<Entry> eldest = entries.values().iterator(); bytes > mostBytes && eldest.hasNext(); ) {
            drop(eldest.next());
            eldest.remove();
        }
    }

    /** Of an entry that is no longer in the map. */
    private void drop(@Nullable Entry entry) {
        if (entry != null) {
            entry.kept = false;
            bytes -= entry.bytes;
            closeIfUnused(entry);
        }
    }

    private synchronized void release(Collection<Entry> used) {
        for (Entry entry : used) {
            entry.readers--;
            closeIfUnused(entry);
        }
    }

    private static void closeIfUnused(Entry entry) {
        if (!entry.kept && entry.readers == 0) {
            entry.stream.close();
        }
    }

    /** When nothing is leased any more. */
    @Override
    public synchronized void close() {
        entries.values().forEach(this::drop);
        entries.clear();
    }
}
