package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.dti4j.engine.Engine;
import org.dti4j.engine.TestEngines;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.tensor.Allocations;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/memory.md says of native memory: no pass, and no model that was closed, leaves anything to the garbage collector. */
class NativeMemoryTest {
    private static final int PASSES = 200;

    /** What other tests left to the garbage collector must not vanish while this one counts. */
    @BeforeEach
    void collectWhatOthersLeft() {
        System.gc();
        Pointer.deallocateReferences();
    }

    private static Layout layout(String method, long seed) {
        RandomPrompts random = new RandomPrompts(seed, TestModels.TINY.vocabulary());
        return Layout.of(
                List.of(random.prompt(3, 5), random.prompt(2, 4)),
                Method.named(method).withContext(3),
                RandomPrompts.SUM_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti", "dti-minus"})
    void aPassLeavesNoNativePointerBehind(String method) {
        try (Llama model = TestModels.trainable(TestModels.TINY)) {
            Engine engine = TestEngines.of(model);
            TestEngines.gradients(engine, model.weights(), layout(method, 0));
            long count = Pointer.totalCount();
            long bytes = Pointer.totalBytes();
            for (int pass = 1; pass <= PASSES; pass++) {
                TestEngines.gradients(engine, model.weights(), layout(method, pass));
                TestEngines.logits(engine, layout(method, pass));
                assertThat(Pointer.totalCount())
                        .describedAs("pointers after pass %d", pass)
                        .isLessThanOrEqualTo(count);
                assertThat(Pointer.totalBytes())
                        .describedAs("bytes after pass %d", pass)
                        .isLessThanOrEqualTo(bytes);
            }
        }
    }

    @Test
    void whatAPassAllocatesIsAllFreedOrNamed() {
        try (Llama model = TestModels.trainable(TestModels.TINY)) {
            Engine engine = TestEngines.of(model);
            TestEngines.gradients(engine, model.weights(), layout("dti", 0));
            try (Allocations allocations = Allocations.record()) {
                TestEngines.gradients(engine, model.weights(), layout("dti", 1));
                assertThat(allocations.live()).isEmpty();
            }
        }
    }

    @Test
    void whatAModelAllocatesIsAllFreedWhenItIsClosed() {
        try (Allocations allocations = Allocations.record()) {
            try (Llama model = TestModels.trainable(TestModels.TINY)) {
                assertThat(allocations.live()).as("weights").isNotEmpty();
                TestEngines.gradients(TestEngines.of(model), model.weights(), layout("dti", 0));
            }
            assertThat(allocations.live()).isEmpty();
        }
    }

    @Test
    void aClosedModelLeavesNoNativePointerBehind() {
        long count = Pointer.totalCount();
        for (int load = 0; load < 3; load++) {
            TestModels.frozen(TestModels.QWEN2_LIKE).close();
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
        }
    }

    @Test
    void closedAdaptersLeaveNoNativePointerBehind() {
        long count = Pointer.totalCount();
        try (Lora lora = Lora.fresh(AdapterConfig.defaults(), 1, Placement.CPU_FLOAT32);
                Llama model = Llama.load(new RandomWeights(TestModels.TINY, 7), Placement.CPU_FLOAT32, lora)) {
            assertThat(lora.parameters()).isNotEmpty();
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
    }

    @Test
    void aModelLoadedInsideAScopeOutlivesIt() {
        Llama model;
        try (Scope scope = Scope.open()) {
            model = TestModels.frozen(TestModels.TINY);
        }
        try (model) {
            assertThat(TestModels.size(TestEngines.logits(TestEngines.of(model), layout("dti", 1))))
                    .isPositive();
        }
    }

    @Test
    void adaptersMadeInsideAScopeOutliveIt() {
        Lora lora;
        Llama model;
        try (Scope scope = Scope.open()) {
            lora = Lora.fresh(AdapterConfig.defaults(), 1, Placement.CPU_FLOAT32);
            model = Llama.load(new RandomWeights(TestModels.TINY, 7), Placement.CPU_FLOAT32, lora);
        }
        try (lora;
                model) {
            assertThat(TestModels.size(TestEngines.logits(TestEngines.of(model), layout("dti", 1))))
                    .isPositive();
        }
    }
}
