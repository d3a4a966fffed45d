package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.List;
import org.dti4j.model.Weights;

/** A checkpoint of the Llama family that was opened and found whole: every tensor of its configuration is there, in its shape. */
public sealed interface Checkpoint extends Weights permits HuggingFaceCheckpoint, GgufCheckpoint {
    /** The folder or file. */
    Path path();

    TokenizerSource tokenizer();

    /** What it holds. */
    Inspection inspection();

    /** The files of the weights. */
    List<Path> files();

    /** Files beside the weights that belong to an exported copy of the checkpoint: tokenizer, generation settings. */
    List<Path> companions();
}
