package org.dti4j.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.dti4j.engine.UserStream;
import org.dti4j.score.BranchScorer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.jspecify.annotations.Nullable;

/**
 * One user's session with a {@link ClickScorer}: keys and values of the last n interactions are kept, so that an interaction is read once, when
 * it is appended, and a request costs its candidates alone. Answers as a stream of all appended interactions does, which is what training
 * computed; that is exactly what {@link ClickScorer#score} answers as long as no more than n were appended, and always with
 * {@code dti-isolated} at a fixed prefix distance (docs/method.md section 6). Methods that no stream can be kept of answer as
 * {@link ClickScorer#score} does, at its cost. Calls of several threads wait for each other.
 */
public final class UserSession implements AutoCloseable {
    private final ClickScorer scorer;
    private final @Nullable BranchScorer branches;
    private final Catalogue catalogue;
    private final Deque<Interaction> last = new ArrayDeque<>();
    private @Nullable UserStream stream;

    UserSession(ClickScorer scorer, @Nullable BranchScorer branches, Catalogue catalogue) {
        this.scorer = scorer;
        this.branches = branches;
        this.catalogue = catalogue;
        stream = branches == null ? null : scorer.whileOpen(branches::empty);
    }

    /**
     * Adds the user's next interaction.
     *
     * @throws org.dti4j.problem.UserException if the catalogue lacks the item; nothing is added then
     */
    public synchronized void append(Interaction interaction) {
        catalogue.check(new Query(List.of(interaction), List.of()));
        if (branches != null) {
            UserStream before = current();
            BranchScorer.Reading reading = new BranchScorer.Reading(before, List.of(catalogue.tokens(interaction)));
            stream = scorer.inTurn(() -> branches.read(List.of(reading)).get(0));
            before.close();
        }
        last.addLast(interaction);
        if (last.size() > scorer.context()) {
            last.removeFirst();
        }
    }

    /** P(like) of each candidate as the user's next interaction. */
    public synchronized double[] score(List<String> candidates) {
        Query query = new Query(List.copyOf(last), candidates);
        if (branches == null) {
            return scorer.score(List.of(query)).get(0);
        }
        catalogue.check(query);
        UserStream read = current();
        BranchScorer.Request request = new BranchScorer.Request(read, scorer.items(candidates));
        return scorer.inTurn(() -> branches.score(List.of(request)).get(0));
    }

    private UserStream current() {
        if (stream == null) {
            throw new IllegalStateException("the session is closed");
        }
        return stream;
    }

    /** Bytes of native memory that are kept. */
    public synchronized long bytes() {
        return stream == null ? 0 : stream.bytes();
    }

    @Override
    public synchronized void close() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
