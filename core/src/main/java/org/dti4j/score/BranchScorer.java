package org.dti4j.score;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dti4j.engine.Branches;
import org.dti4j.engine.UserStream;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Workers;

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

    /** A stream with interactions after its last, see {@link Branches#append}. */
    public UserStream append(UserStream stream, int[][] interactions) {
        return branches.append(stream, interactions);
    }

    /**
     * One request.
     *
     * @param context per interaction, the ids of its item and feedback one after the other
     * @param items ids of each candidate's item
     */
    public record Request(List<int[]> context, List<int[]> items) {}

    /** P(click) of each request's candidates. The streams of all requests are held at a time: the caller bounds their number. */
    public List<double[]> score(List<Request> requests) {
        List<UserStream> streams = new ArrayList<>();
        try {
            List<Callable<UserStream>> reading = new ArrayList<>();
            requests.forEach(request -> reading.add(() -> stream(request.context())));
            streams.addAll(workers.runApart(reading));
            List<double[]> results = new ArrayList<>();
            List<Callable<Boolean>> tasks = new ArrayList<>();
            long bound = bound(requests);
            for (int i = 0; i < requests.size(); i++) {
                results.add(new double[requests.get(i).items().size()]);
                addTasks(streams.get(i), requests.get(i).items(), bound, results.get(i), tasks);
            }
            workers.runApart(tasks);
            return results;
        } finally {
            streams.forEach(UserStream::close);
        }
    }

    /** P(click) of candidates of a stream that the caller holds. */
    public double[] score(UserStream stream, List<int[]> items) {
        double[] results = new double[items.size()];
        List<Callable<Boolean>> tasks = new ArrayList<>();
        addTasks(stream, items, bound(List.of(new Request(List.of(), items))), results, tasks);
        workers.runApart(tasks);
        return results;
    }

    private UserStream stream(List<int[]> context) {
        UserStream empty = branches.empty();
        if (context.isEmpty()) {
            return empty;
        }
        try (empty) {
            return branches.append(empty, context.toArray(int[][]::new));
        }
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
