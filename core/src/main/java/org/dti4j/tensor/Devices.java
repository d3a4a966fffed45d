package org.dti4j.tensor;

import org.bytedeco.pytorch.global.torch;
import org.dti4j.problem.UserException;

/** Which devices this process can compute on. */
public final class Devices {
    /** What may be written, in words. */
    public static final String NAMES = "cpu, cuda, or cuda:N with N the number of a GPU";

    private Devices() {}

    /** Whether a device could be named so, whether or not it is there. */
    public static boolean isName(String device) {
        return device.matches("cpu|cuda(:\\d+)?");
    }

    /**
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @param named what the user wrote it as, for instance {@code model.device}
     * @throws UserException if it is none of these, or the device is not there
     */
    public static void require(String device, String named) {
        if (!isName(device)) {
            throw new UserException("%s = %s, must be %s".formatted(named, device, NAMES));
        }
        if (device.equals("cpu")) {
            return;
        }
        if (!torch.cuda_is_available()) {
            throw new UserException(
                    "%s = %s, but libtorch finds no GPU here: it needs an NVIDIA driver, CUDA 13, and the build for GPUs (docs/performance.md, \"On a GPU\"); else cpu"
                            .formatted(named, device));
        }
        int number = device.equals("cuda") ? 0 : Integer.parseInt(device.substring("cuda:".length()));
        if (number >= torch.cuda_device_count()) {
            throw new UserException("%s = %s, but there are %d GPUs, counted from 0"
                    .formatted(named, device, torch.cuda_device_count()));
        }
    }
}
