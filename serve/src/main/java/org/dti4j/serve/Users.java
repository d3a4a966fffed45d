package org.dti4j.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;

/** The last interactions of users, for as many users as fit; the one that was longest unused goes first. In memory alone. */
final class Users {
    private final int most;
    private final Map<String, List<Interaction>> histories = new LinkedHashMap<>(16, 0.75f, true);

    Users(int most) {
        this.most = most;
    }

    /** Null if the user is not known, or not any more. */
    synchronized @Nullable List<Interaction> history(String user) {
        return histories.get(user);
    }

    /**
     * Adds interactions to a user's history.
     *
     * @param keep how many of the last ones are kept
     * @return how many are
     */
    synchronized int append(String user, List<Interaction> added, int keep) {
        List<Interaction> all = new ArrayList<>(histories.getOrDefault(user, List.of()));
        all.addAll(added);
        List<Interaction> kept = List.copyOf(all.subList(Math.max(0, all.size() - keep), all.size()));
        histories.put(user, kept);
        if (histories.size() > most) {
            histories.remove(histories.keySet().iterator().next());
        }
        return kept.size();
    }

    /** Whether there was anything to forget. */
    synchronized boolean remove(String user) {
        return histories.remove(user) != null;
    }

    synchronized int size() {
        return histories.size();
    }
}
