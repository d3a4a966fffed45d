package org.dti4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.data.RowsFile;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.run.PredictionParts.Row;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.jspecify.annotations.Nullable;

/**
 * Scores a file of rows, each a user's history and a candidate, into a file of the same rows with one column more. Holds one part of the rows
 * at a time; a job that was killed goes on after its last part.
 */
public final class PredictionJob {
    /** The column that is added. */
    public static final String PROBABILITY = "probability";

    private static final String ITEM = "item";
    private static final String HISTORY = "history";
    private static final String USER = "user";
    private static final int NAMED_ROWS = 10;

    private final ClickScorer scorer;
    private final Path run;
    private final Supplier<PreparedData> data;
    private final int rowsPerPart;
    private final Progress progress;
    private @Nullable Map<String, List<Interaction>> users;

    /**
     * @param run the scorer's folder
     * @param data the run's prepared data, asked for only if rows name users instead of histories
     * @param rowsPerPart rows that are held, and that a kill can cost
     */
    public PredictionJob(
            ClickScorer scorer, Path run, Supplier<PreparedData> data, int rowsPerPart, Progress progress) {
        this.scorer = scorer;
        this.run = run;
        this.data = data;
        this.rowsPerPart = rowsPerPart;
        this.progress = progress;
    }

    /**
     * What became of the rows.
     *
     * @param rows of the input
     * @param bad rows without a probability
     * @param examples the first of them, with their numbers
     * @param finished false when it was interrupted: then the output is not there yet
     */
    public record Outcome(long rows, long bad, List<String> examples, boolean finished) {}

    /**
     * Scores the rows that have no part yet, and writes the output when all have.
     *
     * @param interruption asked after every part
     * @throws UserException if the input lacks the columns, or there are parts of other work
     */
    public Outcome run(Path input, Path output, BooleanSupplier interruption) {
        RowsFile rows = RowsFile.existing("--input", input);
        RowsFile written = RowsFile.named("--output", output);
        List<String> columns = checked(rows.columns(), input);
        long count = rows.count();
        PredictionParts parts = PredictionParts.open(output, manifest(input));
        boolean finished;
        try (Progress.Task task = progress.begin("predicting", count)) {
            finished = score(rows, columns, parts, count, task, interruption);
        }
        if (!finished) {
            return new Outcome(count, 0, List.of(), false);
        }
        PredictionParts.Bad bad = parts.bad(NAMED_ROWS);
        parts.finish(rows, written, PROBABILITY);
        return new Outcome(count, bad.rows(), bad.examples(), true);
    }

    private static List<String> checked(List<String> columns, Path input) {
        List<String> problems = new ArrayList<>();
        if (!columns.contains(ITEM)) {
            problems.add("%s: has no column item, must have one: the candidate's id".formatted(input));
        }
        if (!columns.contains(HISTORY) && !columns.contains(USER)) {
            problems.add("%s: has neither a column history nor a column user, must have one".formatted(input));
        }
        if (columns.contains(PROBABILITY)) {
            problems.add("%s: has a column probability, must not: that is what is added".formatted(input));
        }
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
        return List.of(ITEM, columns.contains(HISTORY) ? HISTORY : USER);
    }

    private PredictionParts.Manifest manifest(Path input) {
        try {
            Path trained = Files.exists(new RunFiles(run).metrics())
                    ? new RunFiles(run).metrics()
                    : new RunFiles(run).config();
            return new PredictionParts.Manifest(
                    run.toAbsolutePath().normalize().toString(),
                    Files.getLastModifiedTime(trained).toString(),
                    input.toAbsolutePath().normalize().toString(),
                    Files.size(input),
                    Files.getLastModifiedTime(input).toString(),
                    rowsPerPart);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the reading of rows. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private boolean score(
            RowsFile rows,
            List<String> columns,
            PredictionParts parts,
            long count,
            Progress.Task task,
            BooleanSupplier interruption) {
        int[] done = {parts.count()};
        long first = (long) done[0] * rowsPerPart;
        task.advance(Math.min(first, count));
        List<@Nullable String[]> part = new ArrayList<>();
        try {
            if (first < count) {
                rows.each(columns, first, values -> {
                    part.add(values);
                    long read = (long) done[0] * rowsPerPart + part.size();
                    if (part.size() == rowsPerPart || read == count) {
                        parts.write(done[0], (long) done[0] * rowsPerPart, outcomes(part, columns.get(1)));
                        done[0]++;
                        task.advance(part.size());
                        part.clear();
                        if (read < count && interruption.getAsBoolean()) {
                            throw new Interrupted();
                        }
                    }
                });
            }
            return true;
        } catch (Interrupted e) {
            return false;
        }
    }

    /** Rows of one history are one query. */
    private List<Row> outcomes(List<@Nullable String[]> part, String by) {
        Row[] outcomes = new Row[part.size()];
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int row = 0; row < outcomes.length; row++) {
            String item = part.get(row)[0];
            String context = part.get(row)[1];
            if (item == null || item.isEmpty()) {
                outcomes[row] = new Row(0, "item is empty");
            } else if (!scorer.has(item)) {
                outcomes[row] = new Row(0, "item = %s is not in the run's catalogue".formatted(shortened(item)));
            } else if ((context == null || context.isBlank()) && by.equals(USER)) {
                outcomes[row] = new Row(0, "user is empty");
            } else {
                groups.computeIfAbsent(context == null ? "" : context, key -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Query> queries = new ArrayList<>();
        List<List<Integer>> places = new ArrayList<>();
        groups.forEach((context, rows) -> {
            try {
                List<Interaction> history = by.equals(USER) ? historyOf(context) : HistoryText.parse(context);
                Query query = new Query(
                        history,
                        rows.stream()
                                .map(row -> String.valueOf(part.get(row)[0]))
                                .toList());
                scorer.check(query);
                queries.add(query);
                places.add(rows);
            } catch (UserException e) {
                rows.forEach(row -> outcomes[row] = new Row(0, shortened(String.join("; ", e.problems()))));
            }
        });
        List<double[]> scores = queries.isEmpty() ? List.of() : scorer.score(queries);
        for (int i = 0; i < scores.size(); i++) {
            for (int candidate = 0; candidate < places.get(i).size(); candidate++) {
                outcomes[places.get(i).get(candidate)] = new Row(scores.get(i)[candidate], "");
            }
        }
        return List.of(outcomes);
    }

    private static String shortened(String text) {
        String line = text.replaceAll("[\\r\\n]+", " ");
        return line.length() <= 300 ? line : line.substring(0, 300) + "…";
    }

    private List<Interaction> historyOf(String user) {
        Map<String, List<Interaction>> known = users;
        if (known == null) {
            known = read(data.get(), scorer.context());
            users = known;
        }
        List<Interaction> history = known.get(user);
        if (history == null) {
            throw new UserException("user = %s is not in the run's prepared data".formatted(user));
        }
        return history;
    }

    /** The last interactions of every user. */
    private static Map<String, List<Interaction>> read(PreparedData data, int context) {
        Map<String, List<Interaction>> users = new HashMap<>();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            users.put(
                    history.user(),
                    IntStream.range(Math.max(0, history.size() - context), history.size())
                            .mapToObj(i -> new Interaction(
                                    data.items().get(history.item(i)).id(), history.label(i), history.rating(i)))
                            .toList());
        }
        return users;
    }
}
