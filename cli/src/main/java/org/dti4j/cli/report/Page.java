package org.dti4j.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.dti4j.file.AtomicFile;

/** What all pages share: they need nothing but themselves, no network, no script. */
final class Page {
    /** Forbids the browser to fetch anything, whatever the data hold. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private Page() {}

    static void begin(Html html, String title) {
        html.doctype().open("html", "lang", "en").line();
        html.open("head").line();
        html.leaf("meta", "charset", "utf-8");
        html.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.leaf("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        html.element("title", title).line();
        html.style(styleSheet());
        html.close().line();
        html.open("body").open("main").line();
    }

    static void section(Html html, String id, String heading, Runnable content) {
        html.open("section", "id", id).element("h2", heading).line();
        content.run();
        html.close().line();
    }

    /** The document. */
    static String end(Html html) {
        html.close().close().close().line();
        return html.finish();
    }

    /**
     * Writes a page; {@code file} is either replaced as a whole or left as it was.
     *
     * @throws org.dti4j.problem.UserException when it cannot be written there
     */
    static void write(String page, Path file) {
        AtomicFile.write(file, page);
    }

    private static String styleSheet() {
        try (InputStream css = Page.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(css, "report.css").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
