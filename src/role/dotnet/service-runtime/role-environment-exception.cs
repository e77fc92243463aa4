using System;
using System.Runtime.Serialization;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>Something was asked of the role environment that it has not: a setting, local storage, the environment itself.</summary>
    [Serializable]
    public class RoleEnvironmentException : Exception
    {
        public RoleEnvironmentException()
        {
        }

        public RoleEnvironmentException(string message) : base(message)
        {
        }

        public RoleEnvironmentException(string message, Exception inner) : base(message, inner)
        {
        }

        protected RoleEnvironmentException(SerializationInfo info, StreamingContext context) : base(info, context)
        {
        }
    }
}
