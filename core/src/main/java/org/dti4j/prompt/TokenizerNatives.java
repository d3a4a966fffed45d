package org.dti4j.prompt;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/**
 * Loads the native tokenizers, which lie in DJL's jar, without any use of the network.
 *
 * <p>DJL has two reasons to open a connection. {@code HuggingFaceTokenizer.newInstance} begins with a call home unless
 * {@code OPT_OUT_TRACKING} is set: we call the binding beneath it, which does no such thing, and set the property
 * nevertheless. And on a machine with a GPU it downloads a CUDA build of the library, of which tokenisation has no use:
 * the flavour {@code cpu} is in the jar.
 */
final class TokenizerNatives {
    private static final TokenizersLibrary LIBRARY = load();

    private TokenizerNatives() {}

    static TokenizersLibrary library() {
        return LIBRARY;
    }

    private static TokenizersLibrary load() {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        LibUtils.checkStatus();
        return TokenizersLibrary.LIB;
    }
}
