package org.dti4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.dti4j.cli.terminal.Console;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.Kept;
import org.dti4j.run.PredictionJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores a file of rows. */
@Command(
        name = "predict",
        description = {
            "Scores a file of rows, each a user's history and a candidate, and writes the same rows in the same order with a column probability.",
            "",
            "Columns of the input (others are passed on):",
            "  item     id of the candidate",
            "  history  JSON, oldest first: [{\"item\": \"12\", \"liked\": true}, ...]; with \"rating\" where prompt.feedback says {rating}",
            "  user     instead of history: id of a user of the run's prepared data, all of whose interactions count as history",
            "",
            "CSV, TSV, JSON lines or Parquet by the names' endings (.csv, .tsv, .jsonl, .parquet; .gz after the first three). "
                    + "A job that was stopped or killed goes on where it was when the same command is given again."
        },
        footer = {
            "  dti predict runs/dti --input candidates.csv --output scored.csv",
            "  dti predict runs/dti --input requests.parquet --output scored.parquet --bad-rows 0.01"
        })
final class PredictVerb extends Verb {
    private final CtrlC ctrlC;

    @Parameters(paramLabel = "RUN", description = "Folder of a finished run.")
    private Path run;

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "File of rows.")
    private Path input;

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "File to write.")
    private Path output;

    @Option(
            names = "--bad-rows",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Share of rows that may lack a probability, since item, user or history is not known or cannot be read; "
                            + "with more, the output is written and the status is 2 (default: ${DEFAULT-VALUE}).")
    private double badRows;

    @Option(
            names = "--rows-per-part",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Rows held in memory at a time, and the most that a kill costs (default: ${DEFAULT-VALUE}).")
    private int rowsPerPart = 4096;

    @Mixin
    private ModelOverrides elsewhere;

    PredictVerb(Console console, CtrlC ctrlC) {
        super(console);
        this.ctrlC = ctrlC;
    }

    @Override
    Result run() {
        if (rowsPerPart < 1 || !(badRows >= 0 && badRows <= 1)) {
            throw new UserException("--rows-per-part = %d must be >= 1, --bad-rows = %s must be in [0, 1]"
                    .formatted(rowsPerPart, badRows));
        }
        PredictionJob.Outcome outcome;
        try (ClickScorer scorer = ScoringRun.open(
                run, elsewhere.given(), Kept.nothing(), console().progress())) {
            outcome = new PredictionJob(
                            scorer,
                            run,
                            () -> ScoringRun.prepared(run, console().progress()),
                            rowsPerPart,
                            console().progress())
                    .run(input, output, ctrlC.watch("Stopping after this part of the rows"));
        }
        if (!outcome.finished()) {
            console().err().println("Stopped; the parts so far are saved. To go on, give the same command again.");
            return new Result(outcome, null, ExitStatus.INTERRUPTED);
        }
        outcome.examples().forEach(console().err()::println);
        boolean tooMany = outcome.bad() > badRows * outcome.rows();
        String text = String.format(
                Locale.ROOT,
                "%,d rows, %,d of them without a probability%s%n",
                outcome.rows(),
                outcome.bad(),
                tooMany ? ", more than --bad-rows allows" : "");
        return new Result(outcome, text, tooMany ? ExitStatus.MISTAKE : ExitStatus.DONE);
    }
}
