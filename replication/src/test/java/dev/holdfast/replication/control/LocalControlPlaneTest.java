package dev.holdfast.replication.control;

import java.util.List;

class LocalControlPlaneTest extends ControlPlaneContract {

    @Override
    protected List<ControlPlane> open() {
        return List.of(new LocalControlPlane());
    }
}
