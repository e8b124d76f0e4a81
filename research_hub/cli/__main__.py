from research_hub.cli import main

main(prog_name="research-hub")
