package org.dti4j.cli;

import org.dti4j.cli.terminal.Console;

/** Where the process begins and, with the status that the program gave, ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CtrlC ctrlC = new CtrlC(System.err);
        int status = ExitStatus.FAULT;
        try {
            status = new Program(Console.ofProcess(), ctrlC).run(arguments);
        } finally {
            System.out.flush(); // the program's own streams keep nothing back, but libraries may write to these
            System.err.flush();
            ctrlC.finished(status);
        }
        System.exit(status);
    }
}
