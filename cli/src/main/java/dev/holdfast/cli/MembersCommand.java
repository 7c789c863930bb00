package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Style;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;

/** {@code holdfast members}. */
@Command(
        name = "members",
        description = "List the members of the cluster that a node is in; of a node alone, itself.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  listed",
            "  2  wrong usage",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  no node runs there, or none answers"
        })
final class MembersCommand extends ClusterView {

    private static final Listing<Node> MEMBERS = new Listing<Node>("No members", Node::id, MembersCommand::document)
            .column("NAME", Node::name)
            .column("STATE", member -> new Cell(state(member), style(member)))
            .column("ADDRESS", member -> dash(member.address()))
            .column("ROLE", MembersCommand::role)
            .detail("ZONE", member -> dash(member.zone()))
            .detail("SESSION", Node::session)
            .detail("SINCE", member -> since(member).isEmpty() ? "-" : since(member))
            .detail("ID", Node::id)
            .detail("PROBLEM", member -> dash(Objects.requireNonNullElse(member.problem(), "")));

    @Override
    int show(ClusterReport report, Output out) throws IOException {
        out.list(report.members().stream(), MEMBERS);
        boolean unused = noteWithoutLeader(report, out);
        return ExitCodes.OK;
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String state(Node member) {
        if (member.problem() != null) {
            return "stopped";
        }
        if (!member.present()) {
            return "not seen";
        }
        return member.leaving() ? "leaving" : "seen";
    }

    private static Style style(Node member) {
        if (!member.present()) {
            return Style.BAD;
        }
        return member.leaving() ? Style.WARNING : Style.GOOD;
    }

    /** What it does for the control plane, and whether it has data. */
    private static String role(Node member) {
        if (!member.holdsReplicas()) {
            return "witness";
        }
        return member.votes() ? "voter" : "member";
    }

    private static String since(Node member) {
        return member.sinceMillis() == 0
                ? ""
                : Instant.ofEpochMilli(member.sinceMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }

    private static Map<String, Object> document(Node member) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", member.name());
        document.put("id", member.id());
        if (!member.address().isEmpty()) {
            document.put("address", member.address());
        }
        document.put("role", role(member));
        if (!member.zone().isEmpty()) {
            document.put("zone", member.zone());
        }
        document.put("session", member.session());
        document.put("seen", member.present());
        if (!since(member).isEmpty()) {
            document.put("since", since(member));
        }
        document.put("leaving", member.leaving());
        if (member.problem() != null) {
            document.put("problem", member.problem());
        }
        return document;
    }
}
