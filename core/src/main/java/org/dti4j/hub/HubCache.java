package org.dti4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.dti4j.file.AtomicFile;

/**
 * The hub's cache as {@code huggingface_hub} lays it out, so that both share what either fetched: {@code blobs/} by the hash of their
 * content, {@code snapshots/COMMIT/} with links to them, {@code refs/main} with the commit.
 *
 * @param folder of all models
 */
public record HubCache(Path folder) {
    private static final String COMMIT = "[0-9a-f]{40}";

    /** The snapshot of a model that was fetched whole; empty if there is none. */
    public Optional<Path> find(HubName name) {
        Path ref = ref(name);
        try {
            if (!Files.isRegularFile(ref) || Files.size(ref) > 100) {
                return Optional.empty();
            }
            String commit = Files.readString(ref).strip();
            return commit.matches(COMMIT)
                    ? Optional.of(snapshot(name, commit))
                            .filter(snapshot -> Files.exists(snapshot.resolve("config.json")))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // a cache that cannot be read holds nothing for us
        }
    }

    private Path ref(HubName name) {
        return folder.resolve(name.folder()).resolve("refs").resolve("main");
    }

    Path snapshot(HubName name, String commit) {
        return folder.resolve(name.folder()).resolve("snapshots").resolve(commit);
    }

    Path blob(HubName name, String hash) {
        return blobs(name).resolve(hash);
    }

    Path blobs(HubName name) {
        return folder.resolve(name.folder()).resolve("blobs");
    }

    /** Puts a blob into a snapshot under a file's name. */
    void link(HubName name, String commit, String file, Path blob) throws IOException {
        Path snapshot = snapshot(name, commit);
        Path place = snapshot.resolve(file);
        Files.createDirectories(snapshot);
        Files.deleteIfExists(place);
        try {
            Files.createSymbolicLink(place, snapshot.relativize(blob));
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(blob, place, StandardCopyOption.REPLACE_EXISTING); // Windows without the right to make links
        }
    }

    /** The last step: from now on the snapshot is the one that is found. */
    void refer(HubName name, String commit) {
        AtomicFile.write(ref(name), commit);
    }
}
