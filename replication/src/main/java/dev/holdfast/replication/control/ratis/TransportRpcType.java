package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ControlTransport;
import java.time.Duration;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * Makes Ratis speak over a {@link ControlTransport}. Ratis finds this class by its name, and makes it without arguments;
 * what it needs comes with the parameters of the server.
 */
public final class TransportRpcType implements RpcType {

    private static final String TRANSPORT = "holdfast.control.transport";
    private static final String REQUEST_DEADLINE = "holdfast.control.request-deadline";

    @Override
    public String name() {
        return getClass().getName();
    }

    static Parameters parameters(ControlTransport transport, Duration requestDeadline) {
        Parameters parameters = new Parameters();
        parameters.put(TRANSPORT, transport, ControlTransport.class);
        parameters.put(REQUEST_DEADLINE, requestDeadline, Duration.class);
        return parameters;
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(
                this,
                parameters.getNonNull(TRANSPORT, ControlTransport.class),
                parameters.getNonNull(REQUEST_DEADLINE, Duration.class));
    }

    private record Factory(RpcType type, ControlTransport transport, Duration deadline) implements ServerFactory {

        @Override
        public RpcType getRpcType() {
            return type;
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new TransportServerRpc(type, transport, deadline);
        }
    }
}
