using System.Threading;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>What a role's library brings: one class that derives from it (I-15, I-18).</summary>
    public abstract class RoleEntryPoint
    {
        /// <summary>The instance is Busy and out of rotation until it returns; false ends the process, and the role is started again.</summary>
        public virtual bool OnStart() => true;

        /// <summary>Begins as the instance becomes Ready, and must not return: then the role is recycled (H-31).</summary>
        public virtual void Run() => Thread.Sleep(Timeout.Infinite);

        /// <summary>After Stopping; the process ends when it returns, at the latest at the stop's deadline (H-28, H-29).</summary>
        public virtual void OnStop()
        {
        }
    }
}
