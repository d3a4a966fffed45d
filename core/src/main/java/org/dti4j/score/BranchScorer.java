package org.dti4j.score;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dti4j.engine.Branches;
import org.dti4j.engine.UserStream;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * From streams and candidates to click probabilities: what {@link Scorer} does with prompts, where the context of a request is computed once
 * for all its candidates (docs/method.md section 6).
 */
public final class BranchScorer implements AutoCloseable {
    private final Branches branches;
    private final PromptVocabulary vocabulary;
    private final int tokensPerBatch;
    private final Workers workers;

    /**
     * @param branches owned from now on
     * @param tokensPerBatch bound of candidates' tokens in one pass
     */
    public BranchScorer(Branches branches, PromptVocabulary vocabulary, int tokensPerBatch, Workers workers) {
        this.branches = branches;
        this.vocabulary = vocabulary;
        this.tokensPerBatch = tokensPerBatch;
        this.workers = workers;
    }

    /** A stream without interactions, which the caller closes. */
    public UserStream empty() {
        return branches.empty();
    }

    /**
     * Interactions to read.
     *
     * @param after the stream that they go on with, which stays the caller's; null for none
     * @param interactions ids of each one's item and feedback, one after the other
     */
    public record Reading(@Nullable UserStream after, List<int[]> interactions) {}

    /** Streams with interactions after their last, read at the same time; the caller closes them. */
    public List<UserStream> read(List<Reading> readings) {
        List<Callable<UserStream>> tasks = new ArrayList<>();
        readings.forEach(reading -> tasks.add(() -> stream(reading)));
        return workers.runApart(tasks);
    }

    private UserStream stream(Reading reading) {
        int[][] interactions = reading.interactions().toArray(int[][]::new);
        if (reading.after() != null) {
            return branches.append(reading.after(), interactions);
        }
        UserStream empty = branches.empty();
        if (interactions.length == 0) {
            return empty;
        }
        try (empty) {
            return branches.append(empty, interactions);
        }
    }

    /**
     * One request.
     *
     * @param stream of the user, which stays the caller's
     * @param items ids of each candidate's item
     */
    public record Request(UserStream stream, List<int[]> items) {}

    /** P(click) of each request's candidates. */
    public List<double[]> score(List<Request> requests) {
        List<double[]> results = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        long bound = bound(requests);
        for (Request request : requests) {
            results.add(new double[request.items().size()]);
            addTasks(request.stream(), request.items(), bound, results.get(results.size() - 1), tasks);
        }
        workers.runApart(tasks);
        return results;
    }

    /** As many passes as there are workers, or more. */
    private long bound(List<Request> requests) {
        long tokens = requests.stream()
                .flatMap(request -> request.items().stream())
                .mapToLong(item -> item.length)
                .sum();
        return Math.min(tokensPerBatch, (tokens + workers.count() - 1) / workers.count());
    }

    private void addTasks(
            UserStream stream, List<int[]> items, long bound, double[] results, List<Callable<Boolean>> tasks) {
        int from = 0;
        int longest = 0;
        for (int i = 0; i < items.size(); i++) {
            longest = Math.max(longest, items.get(i).length);
            boolean last = i + 1 == items.size();
            if (last || (long) Math.max(longest, items.get(i + 1).length) * (i + 2 - from) > bound) {
                int first = from;
                int end = i + 1;
                tasks.add(() -> {
                    scorePart(stream, items.subList(first, end).toArray(int[][]::new), results, first);
                    return true;
                });
                from = end;
                longest = 0;
            }
        }
    }

    /** The bi-dimensional softmax over the two label words. */
    private void scorePart(UserStream stream, int[][] items, double[] results, int at) {
        int yes = vocabulary.yes();
        int no = vocabulary.no();
        float[] logits = branches.logits(stream, items, new int[] {Math.min(yes, no), Math.max(yes, no)});
        int place = yes < no ? 0 : 1;
        for (int i = 0; i < items.length; i++) {
            double difference = (double) logits[2 * i + 1 - place] - logits[2 * i + place];
            results[at + i] = 1 / (1 + Math.exp(difference));
        }
    }

    @Override
    public void close() {
        branches.close();
    }
}
