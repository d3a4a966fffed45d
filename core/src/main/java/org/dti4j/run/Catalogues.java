package org.dti4j.run;

import java.util.HashMap;
import java.util.Map;
import org.dti4j.data.PreparedData;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptConfig;
import org.dti4j.prompt.SegmentTokenizer;
import org.dti4j.prompt.TokenizedCatalogue;

/** Tokenised catalogues, kept for the runs of one process that have data, prompts and model in common. */
public final class Catalogues {
    private final Map<Key, TokenizedCatalogue> known = new HashMap<>();

    /** All that a catalogue's ids follow from. */
    private record Key(String dataHash, PromptConfig prompt, String model) {}

    TokenizedCatalogue of(RunConfig config, PreparedData data, SegmentTokenizer segments, Progress progress) {
        return known.computeIfAbsent(
                new Key(data.hash(), config.prompt(), config.model().name()),
                key -> TokenizedCatalogue.of(data.items(), segments, progress));
    }
}
