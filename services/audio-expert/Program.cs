using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;

// Settings lie beside the program, data in the working folder; so it runs alike from a checkout and from a published folder.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddMultimodalExperts(Modality.Audio);

var app = builder.Build();
app.MapMultimodal();
await app.RunAsync();
