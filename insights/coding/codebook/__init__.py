"""The codebook: what tags mean, how their tree is shaped, and the way back from every act of coding."""
