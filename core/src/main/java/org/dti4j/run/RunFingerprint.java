package org.dti4j.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.dti4j.data.PreparedData;
import org.dti4j.file.Checksum;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Method;
import org.dti4j.model.ModelConfig;
import org.dti4j.prompt.PromptConfig;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.train.TrainConfig;
import tools.jackson.databind.json.JsonMapper;

/** What processes that train one model must have in common. */
public final class RunFingerprint {
    /** The sections that count. */
    private record Common(
            PromptConfig prompt,
            Method method,
            ModelConfig model,
            AdapterConfig adapter,
            TrainConfig train,
            EvaluateConfig evaluate) {}

    private RunFingerprint() {}

    /**
     * SHA-256, in hexadecimal, of the configuration and of the content of data and checkpoint. Left out is what may differ between machines: where
     * the data, the checkpoint and the run folder lie, the device, the number of threads.
     */
    public static String of(RunConfig config, PreparedData data) {
        ModelConfig model = config.model();
        Common common = new Common(
                config.prompt(),
                config.method(),
                model.withName(content(model.name())).withDevice("cpu").withThreads(0),
                config.adapter(),
                config.train(),
                config.evaluate());
        MessageDigest digest = Checksum.sha256();
        digest.update(JsonMapper.shared().writeValueAsString(common).getBytes(StandardCharsets.UTF_8));
        digest.update(data.hash().getBytes(StandardCharsets.UTF_8));
        return Checksum.hex(digest);
    }

    /** Machines keep checkpoints in places of their own; what is in them must be the same. */
    private static String content(String model) {
        if (model.equals(BaseModel.NANO)) {
            return model;
        }
        try (BaseModel base = BaseModel.open(Path.of(model))) {
            return String.valueOf(base.hash());
        }
    }
}
