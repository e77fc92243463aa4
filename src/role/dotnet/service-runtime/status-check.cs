using System;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    public enum RoleInstanceStatus
    {
        Ready,
        Busy,
    }

    public class RoleInstanceStatusCheckEventArgs : EventArgs
    {
        public RoleInstanceStatus Status { get; private set; }

        /// <summary>Busy until the next check: the instance leaves the load balancer's rotation (H-32).</summary>
        public void SetBusy() => Status = RoleInstanceStatus.Busy;
    }
}
