package org.dti4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.dti4j.run.ClickScorer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.jspecify.annotations.Nullable;

/** A partition's rows with their probabilities, a batch of them at a time; the last column that comes in is the history. */
final class ScoredRows implements Iterator<Row> {
    /** Rows that are held and scored together. */
    private static final int ROWS = 512;

    private final ClickScorer scorer;
    private final Iterator<Row> rows;
    private final Queue<Row> scored = new ArrayDeque<>();

    ScoredRows(ClickScorer scorer, Iterator<Row> rows) {
        this.scorer = scorer;
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        if (scored.isEmpty() && rows.hasNext()) {
            scoreNext();
        }
        return !scored.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return scored.remove();
    }

    /** Rows of one history. */
    private record Group(@Nullable List<Interaction> history, List<Row> rows, List<String> candidates) {}

    private void scoreNext() {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < ROWS && rows.hasNext(); i++) {
            Row row = rows.next();
            @Nullable
            List<Interaction> history =
                    Histories.read(row.isNullAt(row.length() - 1) ? null : row.getList(row.length() - 1));
            Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last == null || !Objects.equals(last.history, history)) {
                last = new Group(history, new ArrayList<>(), new ArrayList<>());
                groups.add(last);
            }
            last.rows.add(row);
        }
        List<Query> queries = new ArrayList<>();
        for (Group group : groups) {
            List<Interaction> history = group.history == null ? List.of() : group.history;
            boolean good = group.history != null && scorer.answers(new Query(history, List.of()));
            group.rows.stream()
                    .map(ScoredRows::item)
                    .filter(item -> good && item != null && scorer.has(item))
                    .distinct()
                    .forEach(group.candidates::add);
            queries.add(new Query(good ? history : List.of(), group.candidates));
        }
        List<double[]> probabilities = scorer.score(queries);
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            for (Row row : group.rows) {
                int candidate = group.candidates.indexOf(item(row));
                scored.add(with(row, candidate < 0 ? null : probabilities.get(i)[candidate]));
            }
        }
    }

    private static @Nullable String item(Row row) {
        Object item = row.get(row.fieldIndex("item"));
        return item == null ? null : item.toString();
    }

    private static Row with(Row row, @Nullable Double probability) {
        Object[] values = new Object[row.length()];
        for (int i = 0; i < values.length - 1; i++) {
            values[i] = row.get(i);
        }
        values[values.length - 1] = probability;
        return RowFactory.create(values);
    }
}
