package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every control plane promises. */
@Timeout(60)
public abstract class ControlPlaneContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private List<ControlPlane> members = List.of();

    /** The members of one group, each of which can be proposed at; one or more. */
    protected abstract List<ControlPlane> open() throws Exception;

    /** After every member was closed. */
    protected void cleanUp() throws Exception {}

    @BeforeEach
    void openAll() throws Exception {
        members = open();
        Outcome founding = propose(0, Nodes.found(8, 1, A, B));
        assertThat(founding.applied()).as(founding.message()).isTrue();
        awaitEverywhere(founding.revision());
    }

    /** An outcome is known before every member has seen it come out. */
    private void awaitEverywhere(Revision revision) {
        for (ControlPlane member : members) {
            await().atMost(PATIENCE).until(() -> member.state().revision().compareTo(revision) >= 0);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        members.parallelStream().forEach(ControlPlane::close);
        members.forEach(ControlPlane::close);
        cleanUp();
    }

    private ControlPlane member(int number) {
        return members.get(number % members.size());
    }

    private static Proposal proposal(ClusterCommand command) {
        return new Proposal(new CommandId(UUID.randomUUID().toString()), command);
    }

    private Outcome propose(int member, ClusterCommand command) {
        return propose(member, proposal(command));
    }

    /** Again while nobody knows: that is what it is promised to be good for. */
    private Outcome propose(int member, Proposal proposal) {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        await().pollDelay(Duration.ZERO).atMost(PATIENCE).ignoreExceptions().until(() -> {
            outcome.set(member(member).propose(proposal).toCompletableFuture().join());
            return true;
        });
        return Objects.requireNonNull(outcome.get());
    }

    @Test
    void anOutcomeIsSeenByEveryMember() {
        Outcome outcome = propose(1, Nodes.join(A));
        assertThat(outcome.applied()).as(outcome.message()).isTrue();
        awaitEverywhere(outcome.revision());
        assertThat(members)
                .allSatisfy(member -> assertThat(member.state().member(A)).isNotNull());
    }

    @Test
    void ofTwoThatCompareWithTheSameOneWins() {
        propose(0, Nodes.join(A));
        Outcome first = propose(0, Nodes.place(0, 0, A));
        Outcome second = propose(1, Nodes.place(0, 0, A));
        assertThat(first.verdict()).isEqualTo(Outcome.Verdict.APPLIED);
        assertThat(second.verdict()).isEqualTo(Outcome.Verdict.CONFLICT);
        assertThat(propose(2, Nodes.place(77, 0, A)).verdict()).isEqualTo(Outcome.Verdict.REFUSED);
    }

    @Test
    void aRepetitionIsAnsweredWithTheFirstOutcome() {
        Proposal join = proposal(Nodes.join(A));
        Outcome first = propose(0, join);
        propose(1, Nodes.join(B));
        assertThat(propose(2, join)).isEqualTo(first);
    }

    @Test
    void manyProposalsAtOnceEachGetTheirOutcome() {
        propose(0, Nodes.join(A));
        List<Proposal> proposals = new ArrayList<>();
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Proposal each = proposal(Nodes.place(i % 8, i / 8, A));
            proposals.add(each);
            answers.add(member(i).propose(each).toCompletableFuture());
        }
        for (int i = 0; i < 200; i++) {
            Outcome again = propose(0, proposals.get(i));
            // Not decided in time is an answer too, on a slow machine.
            assertThat(answers.get(i).exceptionally(failure -> again).join()).isEqualTo(again);
        }
    }

    @Test
    void listenersSeeRevisionsGrowAndMayPropose() {
        List<Revision> seen = new CopyOnWriteArrayList<>();
        AtomicReference<CompletableFuture<Outcome>> answer = new AtomicReference<>();
        Proposal second = proposal(Nodes.join(B));
        List<Revision> unwanted = new CopyOnWriteArrayList<>();
        member(0).onApplied(state -> unwanted.add(state.revision())).close();
        member(0).onApplied(state -> {
            throw new IllegalStateException("A listener of the test fails");
        });
        member(0).onApplied(state -> {
            seen.add(state.revision());
            if (state.member(A) != null && answer.get() == null) {
                answer.set(member(0).propose(second).toCompletableFuture());
            }
        });
        propose(0, Nodes.join(A));
        await().atMost(PATIENCE)
                .until(() -> answer.get() != null && answer.get().isDone());
        Revision last = propose(0, second).revision();
        await().atMost(PATIENCE)
                .until(() -> !seen.isEmpty() && seen.get(seen.size() - 1).compareTo(last) >= 0);
        assertThat(seen).isSorted().doesNotHaveDuplicates();
        assertThat(unwanted).isEmpty();
    }

    @Test
    void aClosedMemberSaysThatNothingHappened() {
        ControlPlane closed = member(0);
        closed.close();
        CompletableFuture<Outcome> answer =
                closed.propose(proposal(Nodes.join(A))).toCompletableFuture();
        assertThatThrownBy(answer::join)
                .cause()
                .isInstanceOfSatisfying(
                        ControlPlaneException.class,
                        failure -> assertThat(failure.mayHaveTakenEffect()).isFalse());
        assertThat(closed.state().founding()).isPresent();
    }
}
