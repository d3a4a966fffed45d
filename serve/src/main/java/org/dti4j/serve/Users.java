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
     */
    int append(String user, List<Interaction> added, int keep) {
        int kept = appendInMemory(user, added, keep);
        force();
        return kept;
    }

    private synchronized int appendInMemory(String user, List<Interaction> added, int keep) {
        List<Interaction> before = history(user);
        List<Interaction> all = new ArrayList<>(before == null ? List.of() : before);
        all.addAll(added);
        List<Interaction> kept = List.copyOf(all.subList(Math.max(0, all.size() - keep), all.size()));
        remember(user, kept);
        if (store != null) {
            store.put(user, kept);
        }
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
        boolean known = removeFromMemory(user);
        force();
        return known;
    }

    private synchronized boolean removeFromMemory(String user) {
        boolean inMemory = histories.remove(user) != null;
        return store == null ? inMemory : store.remove(user);
    }

    /** Not under the lock: others go on, and share the write. */
    private void force() {
        if (store != null) {
            store.force();
        }
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
