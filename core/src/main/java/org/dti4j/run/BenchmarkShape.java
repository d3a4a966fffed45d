package org.dti4j.run;

import java.util.List;
import org.dti4j.method.ModelShape;
import org.dti4j.model.LlamaConfig;

/** A model that {@link SpeedBenchmark} measures, without its weights. */
public record BenchmarkShape(String title, LlamaConfig config) {
    public static final List<BenchmarkShape> ALL = List.of(
            new BenchmarkShape(
                    "smollm2-135m",
                    new LlamaConfig(49_152, 576, 1_536, 30, 9, 3, 64, 1e-5, 1e5, null, false, false, true)),
            new BenchmarkShape(
                    "llama-3.1-8b",
                    new LlamaConfig(128_256, 4_096, 14_336, 32, 32, 8, 128, 1e-5, 5e5, null, false, false, false)));

    /** What operations are counted by. */
    ModelShape flops(int adapterRank) {
        return new ModelShape(
                config.layers(),
                config.width(),
                config.innerWidth(),
                config.heads(),
                config.keyValueHeads(),
                config.headWidth(),
                config.vocabulary(),
                adapterRank);
    }

    @Override
    public String toString() {
        return title;
    }
}
