package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.cli.report.ExamplePrompt.Answer;
import org.dti4j.cli.report.ExamplePrompt.Segment;
import org.jspecify.annotations.Nullable;

/** Real prompts, an interaction per row, targets marked and scored. */
final class ExamplesSection {
    private static final int CONTEXT_SHOWN = 4;
    private static final int TARGETS_SHOWN = 10;

    private ExamplesSection() {}

    static void draw(Html html, List<ExamplePrompt> examples) {
        html.element(
                "p",
                "As the model reads them, one interaction per row. Marked rows are targets: [SUM] is where the model "
                        + "answers, before it reads what came; the bar is P(yes), the word beside it the outcome.",
                "class",
                "caption");
        examples.forEach(example -> example(html, example));
    }

    /** An interaction: its item, its answer when it is a target, its feedback when that is on. */
    private record Row(int number, String item, @Nullable Answer answer, String feedback) {
        boolean isTarget() {
            return answer != null;
        }
    }

    private static void example(Html html, ExamplePrompt example) {
        html.open("article", "class", "prompt").element("h3", example.heading());
        StringBuilder prefix = new StringBuilder();
        List<Row> rows = rows(example.segments(), prefix);
        if (!prefix.isEmpty()) {
            html.element("p", prefix.toString(), "class", "prefix");
        }
        int firstTarget = (int) rows.stream().takeWhile(row -> !row.isTarget()).count();
        List<Row> context = rows.subList(0, firstTarget);
        List<Row> targets = rows.subList(firstTarget, rows.size());
        int hidden = context.size() > CONTEXT_SHOWN + 2 ? context.size() - CONTEXT_SHOWN : 0;
        folded(html, context.subList(0, hidden), "earlier context interactions");
        context.subList(hidden, context.size()).forEach(row -> row(html, row));
        int shown = targets.size() > TARGETS_SHOWN + 2 ? TARGETS_SHOWN : targets.size();
        targets.subList(0, shown).forEach(row -> row(html, row));
        folded(html, targets.subList(shown, targets.size()), "later targets");
        html.close().line();
    }

    private static List<Row> rows(List<Segment> segments, StringBuilder prefix) {
        List<Row> rows = new ArrayList<>();
        for (Segment segment : segments) {
            int last = rows.size() - 1;
            switch (segment.kind()) {
                case PREFIX -> prefix.append(segment.text());
                case ITEM -> rows.add(new Row(rows.size() + 1, segment.text(), null, ""));
                case SUM -> {
                    Row row = rows.get(last);
                    rows.set(last, new Row(row.number(), row.item(), segment.answer(), row.feedback()));
                }
                case FEEDBACK -> {
                    Row row = rows.get(last);
                    rows.set(last, new Row(row.number(), row.item(), row.answer(), segment.text()));
                }
            }
        }
        return rows;
    }

    private static void folded(Html html, List<Row> rows, String what) {
        if (rows.isEmpty()) {
            return;
        }
        html.open("details").element("summary", rows.size() + " " + what);
        rows.forEach(row -> row(html, row));
        html.close().line();
    }

    private static void row(Html html, Row row) {
        html.open("div", "class", row.isTarget() ? "turn target" : "turn");
        html.element("span", Integer.toString(row.number()), "class", "at");
        html.open("span", "class", "words").text(row.item().strip());
        if (row.isTarget()) {
            html.text(" ").element("mark", "[SUM]");
        }
        if (!row.feedback().isBlank()) {
            html.text(" ").element("i", row.feedback().strip());
        }
        html.close();
        Answer answer = row.answer();
        if (answer != null) {
            answer(html, answer);
        }
        html.close().line();
    }

    private static void answer(Html html, Answer answer) {
        String probability = Numbers.decimals(answer.probability(), 2);
        String outcome = answer.label() ? "yes" : "no";
        html.open("span", "class", "answer", "title", "P(yes) = " + probability + ", outcome: " + outcome);
        html.open("svg", "class", "meter", "viewBox", "0 0 80 10", "aria-hidden", "true");
        html.leaf("rect", "class", "track", "width", "80", "height", "10", "rx", "2");
        html.leaf(
                "rect",
                "class",
                "level",
                "width",
                Numbers.coordinate(80 * answer.probability()),
                "height",
                "10",
                "rx",
                "2");
        Frame.line(html, "half", 40, 0, 40, 10);
        html.close();
        html.element("b", probability);
        html.element("span", outcome, "class", "outcome " + outcome);
        html.close();
    }
}
