package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * SmolLM2-135M-Instruct continues texts as transformers does on the dequantised weights: weights, RoPE permutation and tokenizer
 * together. The ids were recorded once, with transformers 5 in float32:
 *
 * <pre>
 * model = AutoModelForCausalLM.from_pretrained(".", gguf_file="SmolLM2-135M-Instruct.Q4_1.gguf", dtype=torch.float32)
 * model.generate(ids, max_new_tokens=24, do_sample=False)
 * </pre>
 */
final class SmolLm2GreedyTest {
    private static final Path MODEL =
            Path.of(System.getProperty("user.home"), ".cache", "dti4j", "SmolLM2-135M-Instruct.Q4_1.gguf");

    private static BaseModel base;
    private static Llama model;

    @BeforeAll
    static void load() {
        assumeTrue(Files.exists(MODEL), MODEL + " is not there: scripts/fetch-smollm2 puts it there");
        base = BaseModel.open(MODEL);
        model = Llama.load(base.weights(), Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN);
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
            base.close();
        }
    }

    @Test
    void continuesASentence() {
        int[] ids = base.tokenizer().encode("The capital of France is");
        assertThat(ids).containsExactly(504, 3575, 282, 4649, 314);
        assertThat(continuation(ids, 24))
                .containsExactly(
                        7042, 30, 198, 198, 504, 2988, 314, 42, 216, 34, 32, 33, 40, 29, 32, 33, 29, 34, 34, 216, 33,
                        34, 42, 33);
    }

    @Test
    void answersInAChat() {
        int[] ids = base.tokenizer()
                .encode("<|im_start|>user\nName three films by Stanley Kubrick.<|im_end|>\n<|im_start|>assistant\n");
        assertThat(ids)
                .containsExactly(
                        1, 4093, 198, 5820, 1296, 9411, 411, 22787, 40175, 4508, 30, 2, 198, 1, 520, 9531, 198);
        assertThat(continuation(ids, 24))
                .containsExactly(
                        33, 30, 476, 504, 1541, 1294, 18, 731, 22787, 40175, 4508, 506, 21720, 28, 253, 1977, 563, 253,
                        1564, 506, 14735, 618, 36215, 284);
    }

    private static int[] continuation(int[] start, int count) {
        int[] ids = start;
        for (int i = 0; i < count; i++) {
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = next(Arrays.copyOf(ids, ids.length - 1));
        }
        return Arrays.copyOfRange(ids, start.length, ids.length);
    }

    /** The most likely next id: the last one is put where a [SUM] stands, and the sliding window is plain causal attention. */
    private static int next(int[] ids) {
        int last = ids.length - 1;
        int[] item = Arrays.copyOfRange(ids, 1, last);
        Prompt prompt =
                new Prompt(new int[] {ids[0]}, new int[][] {item}, new int[][] {new int[0]}, 0, new boolean[] {false});
        try (Scope scope = Scope.open()) {
            float[] logits = Tensors.toFloats(
                    model.logits(Layout.of(List.of(prompt), Method.named("sliding-window"), ids[last])));
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                best = logits[id] > logits[best] ? id : best;
            }
            return best;
        }
    }
}
