package org.dti4j.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.HuggingFaceWriter;
import org.dti4j.checkpoint.PeftAdapter;
import org.dti4j.checkpoint.PeftFiles;
import org.dti4j.checkpoint.WholeWeights;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** Writes what a run trained: an adapter as PEFT writes it, or all weights as Hugging Face does. */
final class TrainedFiles {
    private TrainedFiles() {}

    static void write(
            RunFiles files,
            ClickModel model,
            @Nullable Lora lora,
            BaseModel base,
            Llama.@Nullable TrainedRows tokenRows) {
        if (lora == null || tokenRows == null) {
            writeModel(files, model, base);
        } else {
            writeAdapter(files, model, lora, tokenRows);
        }
    }

    private static void writeModel(RunFiles files, ClickModel model, BaseModel base) {
        RunFiles.writeText(files.model().resolve("tokenizer.json"), base.tokenizerJson());
        HuggingFaceWriter.write(
                files.model(),
                model.llama().config(),
                base.contextTokens(),
                Precision.FLOAT32,
                model.llama().weights(),
                base.companions());
    }

    private static void writeAdapter(RunFiles files, ClickModel model, Lora lora, Llama.TrainedRows tokenRows) {
        AdapterConfig config = model.config().adapter();
        Map<String, PeftAdapter.Pair> modules = new LinkedHashMap<>();
        lora.parameters().forEach((name, a) -> {
            if (name.endsWith(Lora.A)) {
                String path = name.substring(0, name.length() - Lora.A.length());
                Tensor b = lora.parameters().getOrDefault(path + Lora.B, a);
                modules.put(path, new PeftAdapter.Pair(a, b, lora.scale(path)));
            }
        });
        try (Scope scope = Scope.open()) {
            SortedMap<Integer, Tensor> rows = new TreeMap<>();
            int[] ids = tokenRows.ids().toArray();
            for (int i = 0; i < ids.length; i++) {
                rows.put(ids[i], tokenRows.rows().detach().select(0, i));
            }
            WholeWeights whole = model.whole(rows);
            PeftFiles.write(
                    files.adapter(),
                    new PeftAdapter(
                            config.rank(),
                            config.alpha(),
                            false,
                            config.dropout(),
                            model.config().model().name(),
                            modules,
                            whole.hasRows() ? new TreeMap<>() : rows,
                            whole));
        }
    }
}
