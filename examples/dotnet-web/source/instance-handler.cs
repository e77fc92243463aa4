using System.Web;
using Microsoft.WindowsAzure.ServiceRuntime;

namespace Guests
{
    /// <summary>Says which instance has answered.</summary>
    public class InstanceHandler : IHttpHandler
    {
        public bool IsReusable => true;

        public void ProcessRequest(HttpContext context)
        {
            context.Response.ContentType = "text/plain";
            context.Response.Write(RoleEnvironment.CurrentRoleInstance.Id);
        }
    }
}
