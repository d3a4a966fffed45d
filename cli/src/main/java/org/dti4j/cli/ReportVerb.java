package org.dti4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dti4j.cli.report.ExamplePrompt;
import org.dti4j.cli.report.HtmlReport;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.run.RunConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finished runs to one HTML page. */
@Command(
        name = "report",
        description = "Writes a self-contained HTML page that shows one run, or compares several on the same data.",
        footer = {
            "  dti report runs/dti",
            "  dti report runs/dti runs/sliding-window --out comparison.html",
            "  dti report runs/of-a-gpu --set model.device=cpu"
        })
final class ReportVerb extends Verb {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of finished runs.")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page (default: report.html in the first run's folder).")
    private @Nullable Path out;

    @Option(
            names = "--set",
            paramLabel = "model.key=value",
            description =
                    "Override the section model of the first run, which scores the example prompts, where this machine is another: model.device=cpu, model.threads=0, model.name=FOLDER of the checkpoint; can be given many times.")
    private List<String> overrides = List.of();

    ReportVerb(Console console) {
        super(console);
    }

    @Override
    Result run() {
        RunConfig first = RunFolder.config(folders.get(0));
        PreparedData data = new PreparedStore(first, console().progress()).open();
        List<FinishedRun> runs = FinishedRun.read(folders, data);
        Path file = out == null ? runs.get(0).files().report() : out;
        String title = runs.size() == 1
                ? runs.get(0).name()
                : String.join(", ", runs.stream().map(FinishedRun::name).toList());
        List<ExamplePrompt> examples =
                ExamplePrompts.of(runs.get(0), ScoringRun.config(folders.get(0), overrides), data);
        HtmlReport.write(new RunReport(runs, data).model(title, examples), file);
        return Result.done(Map.of("report", file.toString()), file + System.lineSeparator());
    }
}
