package org.dti4j.score;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.dti4j.engine.Branches;
import org.dti4j.engine.Padding;
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
        if (readings.size() == 1) {
            return List.of(
                    stream(readings.get(0), (stream, interactions) -> branches.append(stream, interactions, workers)));
        }
        List<Callable<UserStream>> tasks = new ArrayList<>();
        readings.forEach(reading -> tasks.add(() -> stream(reading, branches::append)));
        return workers.runApart(tasks);
    }

    private UserStream stream(Reading reading, BiFunction<UserStream, int[][], UserStream> append) {
        int[][] interactions = reading.interactions().toArray(int[][]::new);
        if (reading.after() != null) {
            return append.apply(reading.after(), interactions);
        }
        UserStream empty = branches.empty();
        if (interactions.length == 0) {
            return empty;
        }
        try (empty) {
            return append.apply(empty, interactions);
        }
    }

    /**
     * One request.
     *
     * @param stream of the user, which stays the caller's
     * @param items ids of each candidate's item
     */
    public record Request(UserStream stream, List<int[]> items) {}

    /** A request's candidates, the shortest first, so that those of like length are padded together. */
    private static final class Sorted {
        private final UserStream stream;
        private final List<Integer> places; // in the request
        private final List<int[]> items;
        private final double[] results;

        Sorted(Request request) {
            stream = request.stream();
            places = Padding.shortestFirst(
                    request.items().stream().mapToInt(item -> item.length).toArray());
            items = places.stream().map(request.items()::get).toList();
            results = new double[items.size()];
        }

        int[] lengths() {
            return items.stream().mapToInt(item -> item.length).toArray();
        }
    }

    /** P(click) of each request's candidates. */
    public List<double[]> score(List<Request> requests) {
        return score(requests, Pieces.WHOLE);
    }

    /**
     * The same in pieces.
     *
     * @throws java.util.concurrent.CancellationException if it was stopped
     */
    public List<double[]> score(List<Request> requests, Pieces pieces) {
        List<Sorted> sorted = requests.stream().map(Sorted::new).toList();
        List<int[]> lengths = sorted.stream().map(Sorted::lengths).toList();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (List<CandidateSplit.Part> parts :
                CandidateSplit.of(lengths, workers.count() * pieces.count(), tokensPerBatch)) {
            tasks.add(() -> {
                pieces.goOn();
                score(parts, sorted);
                return true;
            });
        }
        workers.runApart(tasks);
        return sorted.stream().map(request -> request.results).toList();
    }

    /** The bi-dimensional softmax over the two label words, for parts of some requests in one pass. */
    private void score(List<CandidateSplit.Part> parts, List<Sorted> requests) {
        List<Branches.Candidates> candidates = parts.stream()
                .map(part -> {
                    Sorted request = requests.get(part.request());
                    return new Branches.Candidates(request.stream, request.items.subList(part.from(), part.end()));
                })
                .toList();
        double[] probabilities = Answers.probabilities(branches.logits(candidates, Answers.words(vocabulary)));
        int row = 0;
        for (CandidateSplit.Part part : parts) {
            Sorted request = requests.get(part.request());
            for (int at = part.from(); at < part.end(); at++, row++) {
                request.results[request.places.get(at)] = probabilities[row];
            }
        }
    }

    @Override
    public void close() {
        branches.close();
    }
}
