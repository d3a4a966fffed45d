package org.dti4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;

/**
 * The two files of a log and what their columns mean. Every format is a table whose columns are known; only {@link Format#TABLE}
 * has to be told of them.
 */
record Log(LogTable interactions, LogTable items, TableColumns columns) {
    private static final int MOST_SHOWN = 30;
    private static final int MOST_LETTERS = 60;

    private static final TableColumns MOVIELENS_1M = new TableColumns(
            "user",
            "item",
            "rating",
            null,
            "time",
            TableColumns.TimeUnit.SECONDS,
            null,
            List.of("title", "genres"),
            "::",
            null);
    private static final TableColumns MOVIELENS_CSV = new TableColumns(
            "userId",
            "movieId",
            "rating",
            null,
            "timestamp",
            TableColumns.TimeUnit.SECONDS,
            null,
            List.of("title", "genres"),
            ",",
            null);
    private static final TableColumns AMAZON_2018 = new TableColumns(
            "reviewerID",
            "asin",
            "overall",
            null,
            "unixReviewTime",
            TableColumns.TimeUnit.SECONDS,
            null,
            List.of("title", "category", "brand"),
            null,
            null);

    private static final String INTERACTIONS_KEY = "data.interactions";
    private static final String INTERACTION_REJECTS = "interaction_rejects";
    private static final String ITEM_REJECTS = "item_rejects";

    /**
     * Looks into both files.
     *
     * @throws UserException that names everything that is wrong with either: not there, another format, a column missing
     */
    static Log open(DataConfig config, Database database) {
        TableColumns columns = columns(config);
        List<String> problems = new ArrayList<>();
        List<LogTable> tables = new ArrayList<>();
        Consumer<Supplier<LogTable>> open = opening -> {
            try {
                tables.add(opening.get());
            } catch (UserException e) {
                problems.addAll(e.problems());
            }
        };
        open.accept(() -> {
            LogFile file = LogFile.open(INTERACTIONS_KEY, config.interactions());
            List<String> wanted = interactionColumns(columns);
            return checked(table(config, file, wanted, INTERACTION_REJECTS), wanted, database);
        });
        open.accept(() -> {
            LogFile file = config.items() == null
                    ? LogFile.open(INTERACTIONS_KEY, config.interactions())
                    : LogFile.open("data.items", config.items());
            List<String> wanted = itemColumns(config, columns);
            return checked(table(config, file, wanted, ITEM_REJECTS), wanted, database);
        });
        if (!problems.isEmpty()) {
            throw new UserException(problems.stream().distinct().toList());
        }
        return new Log(tables.get(0), tables.get(1), columns);
    }

    private static List<String> interactionColumns(TableColumns columns) {
        return Stream.of(columns.user(), columns.item(), columns.rating(), columns.label(), columns.time())
                .filter(Objects::nonNull)
                .toList();
    }

    /** The item id comes first; it stands in the interactions file if that holds the texts too. */
    static List<String> itemColumns(DataConfig config, TableColumns columns) {
        String id = config.items() == null ? columns.item() : columns.idInItems();
        return Stream.concat(Stream.of(id), columns.text().stream()).toList();
    }

    static TableColumns columns(DataConfig config) {
        return switch (config.format()) {
            case MOVIELENS_1M -> MOVIELENS_1M;
            case MOVIELENS_CSV -> MOVIELENS_CSV;
            case AMAZON_2018 -> AMAZON_2018;
            case TABLE -> Objects.requireNonNull(config.columns(), "DataConfig requires it");
        };
    }

    private static LogTable table(DataConfig config, LogFile file, List<String> wanted, String rejects) {
        return switch (config.format()) {
            case MOVIELENS_1M -> movieLens1m(file, wanted, rejects);
            case MOVIELENS_CSV -> {
                FormatCheck.text(file, Format.MOVIELENS_CSV);
                yield DelimitedTable.withHeader(file, ",", true, rejects);
            }
            case AMAZON_2018 -> {
                FormatCheck.json(file);
                yield new JsonLinesTable(file, rejects);
            }
            case TABLE -> anyTable(file, columns(config), rejects);
        };
    }

    private static LogTable movieLens1m(LogFile file, List<String> names, String rejects) {
        FormatCheck.movieLens1m(file, names);
        return new DelimitedTable(file, "::", false, false, true, names, rejects);
    }

    private static LogTable anyTable(LogFile file, TableColumns columns, String rejects) {
        if (file.parquet()) {
            return new ParquetTable(file);
        }
        String first = file.head().get(0);
        if (first.startsWith("{")) {
            return new JsonLinesTable(file, rejects);
        }
        boolean tabs = file.plainName().endsWith(".tsv") || (first.contains("\t") && !first.contains(","));
        String delimiter = Objects.requireNonNullElse(columns.delimiter(), tabs ? "\t" : ",");
        return DelimitedTable.withHeader(file, delimiter, columns.quote() != TableColumns.Quote.NONE, rejects);
    }

    /** Names of columns as a message can hold them. */
    private static String shown(List<String> columns) {
        List<String> shown = columns.stream()
                .limit(MOST_SHOWN)
                .map(name -> name.length() > MOST_LETTERS ? name.substring(0, MOST_LETTERS) + "…" : name)
                .toList();
        int more = columns.size() - shown.size();
        return String.join(", ", shown) + (more > 0 ? " and %d more".formatted(more) : "");
    }

    private static LogTable checked(LogTable table, List<String> wanted, Database database) {
        List<String> columns = table.columns(database);
        List<String> missing =
                wanted.stream().filter(name -> !columns.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw table.file()
                    .wrong("has no column %s; its columns are %s%s"
                            .formatted(
                                    String.join(", ", missing), shown(columns), FormatCheck.suggestion(table.file())));
        }
        List<String> twice = columns.stream()
                .filter(name -> wanted.contains(name) && columns.indexOf(name) != columns.lastIndexOf(name))
                .distinct()
                .toList();
        if (!twice.isEmpty()) {
            throw table.file().wrong("has two columns named " + String.join(", ", twice));
        }
        return table;
    }
}
