package org.dti4j.run;

import java.nio.file.Path;
import java.util.List;
import org.dti4j.score.Interaction;

/** The example of docs/scoring.md. */
final class ScoringExample {
    private ScoringExample() {}

    static double[] run(Path folder) {
        // example begins
        try (ClickScorer scorer = ClickScorer.load(folder, System::nanoTime)) {
            List<Interaction> history = List.of( // oldest first
                    new Interaction("i3", true), // liked
                    new Interaction("i7", false), // not liked
                    new Interaction("i1", true));
            List<String> candidates = List.of("i4", "i9");
            double[] probabilities = scorer.score(history, candidates); // one for each candidate
            return probabilities;
        }
        // example ends
    }
}
