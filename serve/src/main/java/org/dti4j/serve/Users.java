package org.dti4j.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * The last interactions of users. Those of as many users as fit are in memory; the one that was longest unused goes first, and comes back from
 * the store if there is one.
 */
final class Users implements AutoCloseable {
    private final int most;
    private final @Nullable UserStore store;
    private final Map<String, List<Interaction>> histories = new LinkedHashMap<>(16, 0.75f, true);

    /** @param store owned from now on; null for memory alone */
    Users(int most, @Nullable UserStore store) {
        this.most = most;
        this.store = store;
    }

    /** Null if the user is not known, or not any more. */
    synchronized @Nullable List<Interaction> history(String user) {
        List<Interaction> history = histories.get(user);
        if (history == null && store != null) {
            history = store.get(user);
            if (history != null) {
                remember(user, history);
            }
        }
        return history;
    }

    /**
     * Adds interactions to a user's history; with a store they are on the disk when this returns.
     *
     * @param keep how many of the last ones are kept
     * @return how many are
     * @throws Problem if they cannot be written; then they are not in memory either
     */
    int append(String user, List<Interaction> added, int keep) {
        int kept = appendUnforced(user, added, keep);
        force(user);
        return kept;
    }

    private synchronized int appendUnforced(String user, List<Interaction> added, int keep) {
        List<Interaction> before = history(user);
        List<Interaction> all = new ArrayList<>(before == null ? List.of() : before);
        all.addAll(added);
        List<Interaction> kept = List.copyOf(all.subList(Math.max(0, all.size() - keep), all.size()));
        if (store != null) {
            store.put(user, kept); // first: what it does not take must not be remembered
        }
        remember(user, kept);
        return kept.size();
    }

    private void remember(String user, List<Interaction> history) {
        histories.put(user, history);
        if (histories.size() > most) {
            histories.remove(histories.keySet().iterator().next());
        }
    }

    /** Whether there was anything to forget. */
    boolean remove(String user) {
        boolean known = removeUnforced(user);
        force(user);
        return known;
    }

    private synchronized boolean removeUnforced(String user) {
        boolean stored = store != null && store.remove(user);
        return forgetInMemory(user) || stored;
    }

    private synchronized boolean forgetInMemory(String user) {
        return histories.remove(user) != null;
    }

    /** Not under the lock: others go on, and share the write. If it fails, memory must not know more of the user than the file. */
    private void force(String user) {
        if (store != null) {
            try {
                store.force();
            } catch (Problem e) {
                forgetInMemory(user);
                throw e;
            }
        }
    }

    /** Whether interactions can be taken: false when the store is closed after a write that failed. */
    boolean writable() {
        return store == null || store.isOpen();
    }

    /** In memory. */
    synchronized int size() {
        return histories.size();
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
