using System.Linq;
using System.Threading;
using System.Web;
using System.Web.Configuration;
using System.Web.Security;

namespace Reddog.SiteHost
{
    /// <summary>What ASP.NET does for each request on Windows, and Mono does not.</summary>
    public sealed class RequestModule : IHttpModule
    {
        /// <summary>Mono has HttpContext.Current of a thread alone: what goes on behind an `await` would have none. It is set anew wherever the request
        /// goes on, and does not leave the application's domain with a call.</summary>
        static readonly AsyncLocal<HttpContext> current = new AsyncLocal<HttpContext>(change =>
        {
            if (change.ThreadContextChanged) HttpContext.Current = change.CurrentValue;
        });

        /// <summary>Types of what is written as text, nearly always; of others, bytes may come from anywhere.</summary>
        static readonly string[] textTypes = {
            "text/html", "text/plain", "text/javascript", "application/json", "application/javascript", "application/x-javascript",
        };

        public void Init(HttpApplication application)
        {
            var session = ((SessionStateSection)WebConfigurationManager.GetSection("system.web/sessionState")).CookieName;
            // Application_Error may have handled it.
            application.EndRequest += (sender, args) =>
            {
                if (application.Context.Error != null) UnhandledErrors.Say(application.Request, application.Context.Error);
            };
            application.PreRequestHandlerExecute += (sender, args) => current.Value = application.Context;
            application.PreSendRequestHeaders += (sender, args) =>
            {
                Declare(application.Response);
                foreach (var name in new[] { session, FormsAuthentication.FormsCookieName }) HideFromScripts(application.Response, name);
            };
        }

        public void Dispose()
        {
        }

        /// <summary>Text says how it is encoded, unless the application has said so.</summary>
        static void Declare(HttpResponse response)
        {
            if (textTypes.Contains(response.ContentType)) response.Charset = response.Charset;
        }

        /// <summary>The names are looked up first: who asks for a cookie that is not there makes one.</summary>
        static void HideFromScripts(HttpResponse response, string name)
        {
            foreach (var known in response.Cookies.AllKeys)
                if (known == name) response.Cookies[name].HttpOnly = true;
        }
    }
}
