package org.dti4j.cli.report;

import java.util.Optional;
import org.dti4j.method.Method;

/** What the paper reports: Llama-3.1-8B-Instruct with LoRA on an A100, n = 20, k = 50 (docs/method.md section 8). */
public enum Paper {
    ML_1M("MovieLens 1M"),
    AMAZON_CDS("Amazon CDs"),
    AMAZON_KINDLE("Amazon Kindle");

    private final String title;

    Paper(String title) {
        this.title = title;
    }

    private PaperResult slidingWindow() {
        return switch (this) {
            case ML_1M -> new PaperResult(.8110, .5242, .7657, 69.56);
            case AMAZON_CDS -> new PaperResult(.8596, .4025, .8717, 37.84);
            case AMAZON_KINDLE -> new PaperResult(.8689, .4495, .8106, 70.50);
        };
    }

    private PaperResult dtiMinus() {
        return switch (this) {
            case ML_1M -> new PaperResult(.8043, .5506, .7042, Double.NaN);
            case AMAZON_CDS -> new PaperResult(.8394, .4213, .8707, Double.NaN);
            case AMAZON_KINDLE -> new PaperResult(.8654, .4721, .7827, Double.NaN);
        };
    }

    private PaperResult dti() {
        return switch (this) {
            case ML_1M -> new PaperResult(.8104, .5251, .7689, 5.37);
            case AMAZON_CDS -> new PaperResult(.8601, .3984, .8757, 3.42);
            case AMAZON_KINDLE -> new PaperResult(.8692, .4506, .8047, 5.31);
        };
    }

    String title() {
        return title;
    }

    /** What it reports for a method as it was configured there; nothing for others. */
    public Optional<PaperResult> result(Method method) {
        if (!method.equals(Method.named(method.name()))) {
            return Optional.empty();
        }
        return switch (method.name()) {
            case "sliding-window" -> Optional.of(slidingWindow());
            case "dti-minus" -> Optional.of(dtiMinus());
            case "dti" -> Optional.of(dti());
            default -> Optional.empty();
        };
    }
}
