package org.dti4j.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fetches a model from the hub into the cache: weights in safetensors, settings, tokenizer; nothing that can run code. */
public final class HubFetch {
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_FILES = 1000;
    /** In the model's own folder; a consolidated file holds the same weights once more, under other names. */
    private static final Pattern WANTED = Pattern.compile(
            "(?!consolidated)[A-Za-z0-9][\\w.-]{0,200}\\.(safetensors|json|jinja)|merges\\.txt|vocab\\.txt|tokenizer\\.model");

    private final HubSettings settings;
    private final Progress progress;

    public HubFetch(HubSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Fetches what is not there yet.
     *
     * @return the snapshot's folder, a checkpoint
     * @throws UserException if the hub does not give it, or the network or the disk fails; what has come stays for the next try
     */
    public Path fetch(HubName name) {
        if (settings.offline()) {
            return settings.cache()
                    .find(name)
                    .orElseThrow(() ->
                            new UserException("%s: is not in the cache (%s), and HF_HUB_OFFLINE forbids to fetch it"
                                    .formatted(name.full(), settings.cache().folder())));
        }
        try {
            return fetch(name, new HubClient(settings));
        } catch (FileSystemException e) { // ours, not the hub's
            throw FileFailure.unwritable(e.getFile() == null ? settings.cache().folder() : Path.of(e.getFile()), e);
        } catch (IOException e) {
            throw new UserException(
                    "%s: cannot be fetched from %s: %s; what has come so far is kept, try again"
                            .formatted(name.full(), settings.endpoint(), reason(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("%s: interrupted; what has come so far is kept".formatted(name.full()), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Path fetch(HubName name, HubClient client) throws IOException, InterruptedException {
        Listing listing = list(name, client);
        try (Progress.Task task = progress.begin("fetching " + name.full(), -1)) {
            BlobDownload download = new BlobDownload(client, settings.cache(), name, task);
            for (String file : listing.files) {
                task.note(file);
                settings.cache().link(name, listing.commit, file, download.fetch(listing.commit, file));
            }
        }
        settings.cache().refer(name, listing.commit);
        return settings.cache().snapshot(name, listing.commit);
    }

    private record Listing(String commit, List<String> files) {}

    private Listing list(HubName name, HubClient client) throws IOException, InterruptedException {
        HubClient.Answer answer = client.get("/api/models/%s/revision/main".formatted(name.full()), 0);
        try (var body = answer.body()) {
            if (answer.status() != 200) {
                throw client.refused(name, "the model", answer.status());
            }
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("the list of files is longer than %d bytes".formatted(MOST_BYTES));
            }
            return listing(name, JsonMapper.shared().readTree(bytes));
        } catch (JacksonException e) {
            throw new IOException("the list of files is not JSON", e);
        }
    }

    private static Listing listing(HubName name, JsonNode json) throws IOException {
        String commit = json.path("sha").asString("");
        if (!commit.matches("[0-9a-f]{40}")) {
            throw new IOException("the list of files names no commit");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : json.path("siblings")) {
            String file = sibling.path("rfilename").asString("");
            if (WANTED.matcher(file).matches()) {
                files.add(file);
            }
        }
        if (files.stream().noneMatch(file -> file.endsWith(".safetensors")) || !files.contains("config.json")) {
            throw new UserException(
                    "%s: has no config.json with weights in safetensors, must have both; pickles can run code, so they are not fetched"
                            .formatted(name.full()));
        }
        if (files.size() > MOST_FILES) {
            throw new UserException(
                    "%s: has %d files, more than a checkpoint has".formatted(name.full(), files.size()));
        }
        return new Listing(commit, files);
    }
}
