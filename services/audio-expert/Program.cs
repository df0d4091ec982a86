using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;

// Reads settings from the program's folder and data from the working folder, so that it runs from a checkout and from a published folder.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddMultimodalExperts(Modality.Audio);

var app = builder.Build();
app.MapMultimodal();
await app.RunAsync();
